"""Arithmetic on days: months on, working days on, dates that may not exist."""

from datetime import date, timedelta


def safe_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def full_year(year: int) -> int:
    return year if year > 99 else 2000 + year if year < 70 else 1900 + year


def month_end(year: int, month: int) -> date:
    year, month = year + month // 12, month % 12
    return date(year, month + 1, 1) - timedelta(days=1)


def months_on(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, month_end(year, month).day))


def after_working_days(start: date, count: int) -> date:
    day = start
    for _ in range(min(count, 400)):
        day += timedelta(days={4: 3, 5: 2}.get(day.weekday(), 1))
    return day
