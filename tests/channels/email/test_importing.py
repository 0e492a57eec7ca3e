"""A mailbox is imported once, however often: read = recorded + already known + parked."""

import io
import json
import threading
import zipfile

import pytest
from django.core.management import CommandError, call_command

from baton.capture import imports
from baton.capture.inbox import parked, waiting
from baton.capture.models import Delivery
from baton.channels.email import importing
from baton.ledger.models import Interaction
from baton.members.models import Member
from baton.work.models import Duty
from tests.capture.letters import letter
from tests.cast import MONDAY, TUESDAY, Cast

pytestmark = pytest.mark.django_db

OWNERS = {
    "arnold-j": "john.arnold@enron.com",
    "arora-h": "harry.arora@enron.com",
    "stokley-c-settlements": "chris.stokley@enron.com",
}


@pytest.fixture
def cast() -> Cast:
    return Cast()


def counts(job) -> tuple[int, int, int, int]:
    return job.read, job.recorded, job.already_known, job.parked


def bring_in(*paths, by: Member) -> importing.ImportJob:
    return importing.run(importing.start([str(path) for path in paths], by=by, at=MONDAY), clock=lambda: MONDAY)


@pytest.mark.parametrize("box", ["arora-h", "stokley-c-settlements", "arnold-j"])
def test_a_real_mailbox_is_recorded_once_a_message(cast, shared, box):
    facts = json.loads((shared / "email/enron/facts.json").read_text())[box]
    copies = facts["copies_same_date_from_subject_body"]
    owner = Member.objects.create_user(OWNERS[box], name="Owner")

    job = bring_in(shared / f"email/enron/{box}.tar.xz", by=owner)

    assert counts(job) == (facts["messages"], facts["distinct_messages"], copies, 0)
    assert Interaction.objects.unscoped("tests").count() == facts["distinct_messages"]
    assert Duty.objects.unscoped("tests").count() == 0
    assert Interaction.objects.visible_to(cast.ana).count() == 0


def test_imported_again_nothing_is_new(cast, shared):
    path = shared / "email/enron/stokley-c-settlements.tar.xz"
    bring_in(path, by=cast.ana)

    assert counts(bring_in(path, by=cast.ana)) == (237, 0, 237, 0)


def test_a_colleague_s_copy_is_known_and_held_by_both(cast, shared):
    path = shared / "email/enron/stokley-c-settlements.tar.xz"
    bring_in(path, by=cast.ana)

    assert counts(bring_in(path, by=cast.bram)) == (237, 0, 237, 0)
    assert Interaction.objects.visible_to(cast.bram).count() == 237


def test_a_stopped_import_goes_on_where_it_was(cast, shared):
    path, stop = shared / "email/enron/stokley-c-settlements.tar.xz", threading.Event()
    job = importing.start([str(path)], by=cast.ana, at=MONDAY)

    importing.run(job, clock=lambda: MONDAY, progress=lambda one: stop.set() if one.read >= 60 else None, stop=stop)
    first = counts(job)
    again = bring_in(path, by=cast.ana)

    assert (first, job.stopped_at, job.finished_at) == ((60, 60, 0, 0), MONDAY, None)
    assert counts(again) == (237, 177, 60, 0)


def test_what_a_killed_import_had_kept_is_read_by_the_next(cast, tmp_path, monkeypatch):
    (tmp_path / "one.eml").write_bytes(letter())

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr(importing.reading, "record_all", killed)
        with pytest.raises(KeyboardInterrupt):
            bring_in(tmp_path, by=cast.ana)
    assert [one.state for one in Delivery.objects.unscoped("tests")] == ["waiting"]

    assert counts(bring_in(tmp_path, by=cast.ana)) == (1, 1, 0, 0)


ARCHIVES = [
    "bounces-flufl", "bounces-sisimai", "forwards-by-client-and-language", "helpdesk-redmine", "mime-cpython",
    "mime-torture", "mime-webmail", "reply-misc", "threads-notmuch", "tnef",
]  # fmt: skip


@pytest.mark.parametrize("archive", ARCHIVES)
def test_the_fixtures_import_without_a_crash_and_without_loss(cast, shared, archive):
    job = bring_in(shared / f"email/fixtures/{archive}.tar.xz", by=cast.ana)

    assert job.read == job.recorded + job.already_known + job.parked > 0
    assert job.recorded == Interaction.objects.unscoped("tests").count()
    assert Delivery.objects.unscoped("tests").filter(channel="email", state="waiting").count() == 0
    assert [one.because for one in parked(cast.ana) if not one.because] == []


def test_live_bounces_open_no_duty(cast, shared):
    from baton.channels.email.boxes import mailbox
    from tests.capture.letters import from_mailbox

    company = cast.company()
    cast.deal(contact=cast.contact(company=company), company=company)
    raws = [one.raw for one in mailbox(shared / "email/fixtures/bounces-sisimai.tar.xz") if one.raw]

    from_mailbox(cast.ana, *raws)

    assert Duty.objects.unscoped("tests").filter(behavior="answer-enquiry").count() == 0


def test_what_is_no_mail_is_parked_and_shown_with_its_reason(cast, tmp_path):
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.4 plan")
    (tmp_path / "noise.eml").write_bytes(b"\x00\xff\x13" * 500)
    (tmp_path / "empty.eml").write_bytes(b"")

    assert counts(bring_in(tmp_path, by=cast.ana)) == (3, 0, 0, 3)
    assert sorted(one.because for one in parked(cast.ana)) == [
        "The file holds binary data, not a mail message.",
        "The file is empty.",
        "plan.pdf: This is a PDF, not a mail message.",
    ]
    assert list(parked(cast.bram)) == []


def test_a_zip_gives_what_is_in_it(cast, tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.eml", letter(subject="One"))
        archive.writestr("b.eml", letter(subject="Two"))
    (tmp_path / "mail.zip").write_bytes(packed.getvalue())

    assert counts(bring_in(tmp_path / "mail.zip", by=cast.ana)) == (2, 2, 0, 0)


def test_imported_mail_waits_in_its_member_s_inbox_alone(cast, tmp_path):
    (tmp_path / "one.eml").write_bytes(letter("x@elsewhere.example", "ana@lime.example"))
    bring_in(tmp_path, by=cast.ana)

    assert ([len(waiting(m)) for m in (cast.ana, cast.bram, cast.tomas)]) == [1, 0, 0]


def test_the_command_answers_with_the_counts(cast, tmp_path, capsys):
    (tmp_path / "one.eml").write_bytes(letter())

    call_command("import", "mail", str(tmp_path), "--as", "ana@lime.example", "--json")

    told = json.loads(capsys.readouterr().out)
    assert {name: told[name] for name in ("read", "recorded", "already_known", "parked")} == {
        "read": 1, "recorded": 1, "already_known": 0, "parked": 0,
    }  # fmt: skip
    assert told["seconds"] >= 0


@pytest.mark.parametrize(
    ("path", "member", "said"),
    [
        ("nowhere.mbox", "ana@lime.example", "There is no file or folder “nowhere.mbox”."),
        (".", "nobody@lime.example", "No member has the address nobody@lime.example."),
        (".", "rita@lime.example", "Rita Only may only read, so nothing is imported for them."),
    ],
)
def test_the_command_says_what_it_can_t_do(cast, path, member, said):
    with pytest.raises(CommandError, match=said.replace(".", r"\.")):
        call_command("import", "mail", path, "--as", member)


def test_a_worker_takes_an_import_that_waits(cast, tmp_path):
    (tmp_path / "one.eml").write_bytes(letter())
    job = importing.start([str(tmp_path)], by=cast.ana, at=MONDAY, waiting=True)

    taken = [imports.work(lambda: TUESDAY), imports.work(lambda: TUESDAY)]

    job.refresh_from_db()
    assert (taken, counts(job), job.finished_at, job.due_at) == ([1, 0], (1, 1, 0, 0), TUESDAY, None)
