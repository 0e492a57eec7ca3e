"""The one door to rows: `visible_to(member)`. A query that skipped it refuses to run.

A guarded model's manager hands out query sets that raise `Unscoped` when they are evaluated before
`visible_to(member)` was asked, or before `unscoped(caller)` by one of the callers listed here.
Crossing into another guarded model (`select_related`, `deal__title`, `values("deal__title")`) is
refused too, because the crossing would not be scoped.
"""

from contextvars import ContextVar
from typing import Any, Self

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.constants import LOOKUP_SEP

UNSCOPED_CALLERS = frozenset(
    {
        "ledger.recording",  # writes as the author it was given, after asking their permission
        "ledger.facts",  # finds the record that decides whether a fact may be seen
        "ledger.checking",  # compares derived rows with the ledger
        "ledger.search",  # keeps the index; results are scoped when read
        "ledger.merging",  # joins two records that the caller was allowed to see
        "sheets",  # finds what a sheet wrote, to go on with it or to take it back
        "capture",  # files what comes in, before anybody sees it
        "work.duties",  # opens and closes duties for everybody
        "work.handoffs",  # freezes packets for both desks
        "review",  # counts by name what was decided, and what went beside Baton; nothing of it is read
        "gate.automations",  # acts on deals that whoever switched it on may see
        "commission",  # works a statement out over every deal; titles are shown as far as they are seen
        "map.publishing",  # moves deals from a removed stage
        "mirror",  # counts days for who sees the whole business, private messages left out
        "gate.hooks",  # tells each subscriber what its maker may see, which is asked when it is sent
        "management",  # the operator's command line
        "demonstration",  # fills the demonstration business
        "bench",  # builds and measures the reference business
        "tests",
    }
)

IDENTITY_LOOKUPS = {"id", "pk", "in", "isnull", "exact"}


class Unscoped(RuntimeError):
    """A query was about to read rows without saying who is looking."""


_deleting: ContextVar[bool] = ContextVar("deleting", default=False)
"""What a permitted delete does to the rows that point at it follows from it, and is nobody's look at them."""


class GuardedQuerySet(models.QuerySet):
    """A query set that only runs once it is known who is looking."""

    _scope: str = ""

    def _clone(self) -> Self:
        clone = super()._clone()
        clone._scope = self._scope
        return clone

    def visible_to(self, member: Any) -> Self:
        """Keep the rows that this member may see: rows, counts and sums are all over these."""
        scoped = self._chain()
        scoped._scope = "member"
        return scoped.visible_rows(member)

    def visible_rows(self, member: Any) -> Self:
        """Narrow to the member's rows; each guarded model states its own rule."""
        raise NotImplementedError(f"{self.model.__name__} has no visibility rule")

    def all_seen_by(self, member: Any) -> bool:
        """Whether `visible_rows` leaves nothing out for this member, so that a condition needn't ask row by row."""
        return False

    def unscoped(self, caller: str) -> Self:
        """Read everything, for one of the listed callers."""
        if caller not in UNSCOPED_CALLERS:
            raise Unscoped(f"“{caller}” is not on the list of callers that may read unscoped")
        clone = self._chain()
        clone._scope = caller
        return clone

    def _require_scope(self) -> None:
        if not self._scope and not self._result_cache and not _deleting.get():
            raise Unscoped(f"{self.model.__name__}: say who is looking with visible_to(member)")

    def _fetch_all(self) -> None:
        self._require_scope()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._require_scope()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._require_scope()
        return super().count()

    def exists(self) -> bool:
        self._require_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._require_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._require_scope()
        return super().update(**kwargs)

    def delete(self) -> Any:
        self._require_scope()
        token = _deleting.set(True)
        try:
            return super().delete()
        finally:
            _deleting.reset(token)

    def select_related(self, *fields: Any) -> Self:
        for field in fields:
            self._refuse_crossing(str(field) + LOOKUP_SEP + "*")
        return super().select_related(*fields)

    def _filter_or_exclude(self, negate: bool, args: Any, kwargs: dict[str, Any]) -> Self:
        for name in kwargs:
            self._refuse_crossing(name)
        return super()._filter_or_exclude(negate, args, kwargs)

    def _values(self, *fields: Any, **expressions: Any) -> Self:
        for field in fields:
            if isinstance(field, str):
                self._refuse_crossing(field)
        return super()._values(*fields, **expressions)

    def order_by(self, *fields: Any) -> Self:
        for field in fields:
            if isinstance(field, str):
                self._refuse_crossing(field.lstrip("-"))
        return super().order_by(*fields)

    def _refuse_crossing(self, name: str) -> None:
        first, _, rest = name.partition(LOOKUP_SEP)
        if not rest or rest.split(LOOKUP_SEP)[0] in IDENTITY_LOOKUPS or self._scope in UNSCOPED_CALLERS:
            return
        if self._crosses_into_guarded(first):
            raise Unscoped(f"{self.model.__name__}.{name} crosses into rows that were not scoped")

    def _crosses_into_guarded(self, name: str) -> bool:
        try:
            related = self.model._meta.get_field(name).related_model
        except FieldDoesNotExist:  # an annotation, not a field: nothing is crossed
            return False
        return related is not None and isinstance(getattr(related, "objects", None), GuardedManager)


class GuardedManager(models.Manager.from_queryset(GuardedQuerySet)):  # type: ignore[misc]
    """The manager of a guarded model; it is the default one, so that reverse relations are guarded too."""
