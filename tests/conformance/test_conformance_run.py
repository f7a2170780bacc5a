"""A run from end to end: the verdicts are the same however it is started, and whoever keeps the contract conforms."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from starlette.responses import Response

from lightfield_contract.reference import Call, Configuration, Pipeline, Reference
from lightfield_contract.reports import AuditState, Result, Verdict, read_json
from lightfield_contract.spec import load

Smoke: TypeAlias = tuple[subprocess.CompletedProcess[str], Path]
Judge: TypeAlias = Callable[..., tuple[subprocess.CompletedProcess[str], Result]]

COMMAND = Path(sys.executable).with_name("lightfield-contract")
PARCELS = str(Path(__file__).parents[1] / "reference" / "parcels.yaml")
LIMITED = {"idempotency:rate-limited", "limits:retry-after", "limits:separate", "limits:status"}


def verdicts(result: Result) -> dict[str, Verdict]:
    """The verdict of each clause."""
    return {clause.id: clause.verdict for clause in result.clauses}


def of(result: Result, verdict: Verdict) -> set[str]:
    """The clauses with that verdict."""
    return {name for name, given in verdicts(result).items() if given is verdict}


@pytest.fixture
def usual(smoke: Smoke) -> Result:
    """The result of the run of the command line on the embedded reference."""
    return read_json(smoke[1] / "result.json")


def test_the_embedded_reference_conforms(smoke: Smoke, usual: Result) -> None:
    """Exit status 0, no clause violated, no advice."""
    assert smoke[0].returncode == 0, smoke[0].stdout + smoke[0].stderr
    assert of(usual, Verdict.VIOLATED) | of(usual, Verdict.ADVICE) == set()


def test_all_that_can_be_verified_on_the_reference_is(usual: Result) -> None:
    """A run that stays inside the limits meets no 429; nothing else is left open."""
    assert of(usual, Verdict.NOT_VERIFIED) == LIMITED
    assert {clause.id for clause in usual.clauses} == {clause.id for clause in load().clauses}


def test_what_is_not_verified_says_why_and_what_to_do(usual: Result) -> None:
    """Nothing is skipped in silence."""
    assert all(c.reason and c.remedy for c in usual.clauses if c.verdict is Verdict.NOT_VERIFIED)


def test_a_smoke_run_writes_at_most_120_records(usual: Result) -> None:
    """The suite is a guest."""
    assert 0 < usual.run.writes <= 120


def test_the_records_match(usual: Result) -> None:
    """Every record that answers named is found, and no other one carries the marker."""
    assert (usual.audit.state, usual.audit.unaccounted, usual.audit.missing) == (AuditState.MATCH, (), ())
    assert usual.audit.found == usual.audit.accepted > 0


def test_the_result_says_what_was_run(usual: Result) -> None:
    """Depth, seed, basis and contract stand in the result, and which variables were given."""
    run = usual.run
    assert (run.depth, run.seed, run.basis, run.contract, run.exit_status) == ("smoke", 0, "all", "opportunities", 0)
    assert "LIGHTFIELD_API_KEY_OTHER_ORG" in run.given


def test_the_reports_are_written(smoke: Smoke) -> None:
    """A result to read by program, a page to open, and JUnit for CI."""
    assert {path.name for path in smoke[1].iterdir()} == {"result.json", "report.html", "junit.xml"}
    assert (smoke[1] / "junit.xml").read_text("utf-8").startswith("<?xml")


def test_the_terminal_tells_the_outcome_and_nothing_goes_wrong(smoke: Smoke) -> None:
    """The last lines hold the headline; standard error is empty."""
    assert re.search(rf"\d+ of \d+ clauses conform, {len(LIMITED)} not verified", " ".join(smoke[0].stdout.split()))
    assert smoke[0].stderr == ""


def test_plain_pytest_gives_the_same_verdicts(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, usual: Result
) -> None:
    """The command line is only a front."""
    names = ["-m", "pytest", "--pyargs", "lightfield_contract.conformance"]
    told = run([sys.executable, *names, "-q", "--lightfield-depth=smoke", "--lightfield-report-dir=reports"], tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
    assert verdicts(read_json(tmp_path / "reports" / "result.json")) == verdicts(usual)


@pytest.mark.parametrize("option", [["--workers", "2"], ["--", "-n", "2"]], ids=["--workers", "-n"])
def test_two_workers_give_the_same_verdicts(judge: Judge, tmp_path: Path, usual: Result, option: list[str]) -> None:
    """One result, one audit, and the records of both workers match."""
    plugins = ["-p", "xdist.plugin"] if "-n" in option else []
    told, result = judge(*option, *plugins)
    assert told.returncode == 0, told.stdout + told.stderr
    assert verdicts(result) == verdicts(usual)
    assert result.audit.state is AuditState.MATCH
    assert told.stdout.count("audit: ") == 1
    assert sorted(path.name for path in tmp_path.rglob("*.json")) == ["result.json"]


def test_a_target_that_enforces_a_limit_gives_the_same_verdicts(
    judge: Judge, serve: Callable[..., Reference], usual: Result
) -> None:
    """At the vendor's 25 requests a second, only the clauses about a 429 may come out better."""
    told, result = judge(target=serve(configuration=Configuration(rate=25)))
    assert told.returncode == 0, told.stdout + told.stderr
    kept = {name: verdict for name, verdict in verdicts(result).items() if name not in LIMITED}
    assert kept == {name: verdict for name, verdict in verdicts(usual).items() if name not in LIMITED}
    assert not (LIMITED & of(result, Verdict.VIOLATED))


@pytest.mark.parametrize("depth", ["smoke", "standard"])
def test_another_fragment_is_judged_against_its_own_reference(judge: Judge, depth: str) -> None:
    """Nothing in the suite is about opportunities."""
    told, result = judge("--contract", PARCELS, "--depth", depth)
    assert of(result, Verdict.VIOLATED) | of(result, Verdict.ADVICE) == set(), told.stdout
    assert told.returncode == 0
    assert (result.run.contract, result.run.edition) == ("parcels", "2027-01-15")
    assert result.audit.state is AuditState.MATCH


class Recording(Pipeline):
    """Notes every request."""

    heard: list[tuple[str, ...]]

    async def handle(self, call: Call) -> Response:
        """Answers as usual, and notes what was asked."""
        response = await super().handle(call)
        query = "&".join(f"{name}={value}" for name, value in call.query)
        told = "\n".join(f"{name}: {value}" for name, value in call.headers.items() if name != "host")
        body = call.body.decode("utf-8", "backslashreplace")
        self.heard.append((call.operation.method, call.operation.path, call.path_id, query, told, body))
        return response


@pytest.fixture(scope="module")
def listen(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., set[tuple[str, ...]]]:
    """Judges a target of its own, and gives the requests that came, with what is the run's own taken out."""

    def start(*arguments: str) -> set[tuple[str, ...]]:
        heard: list[tuple[str, ...]] = []
        folder = tmp_path_factory.mktemp("heard")
        with Reference(load(), pipeline=type("Noting", (Recording,), {"heard": heard})) as target:
            at = ("--base-url", target.url, "--depth", "smoke", "--seed", "7", "--report-dir", "reports")
            told = run([str(COMMAND), "run", *at, *arguments], folder, target.environment)
        assert told.returncode == 0, told.stdout + told.stderr
        # The first letter of the marker may be written as an escape. A request whose answer was abandoned is heard or is
        # not, and is the same as its repeat but for the span; so spans do not count.
        marker = read_json(folder / "reports" / "result.json").run.marker[1:]
        # A key that is a number, or short, is made of the marker.
        own = re.compile(r"(?i)(traceparent: 00-)[0-9a-f-]+|(idempotency-key: (?:00)?)(?:[0-9]{18}|k[0-9a-z]{6})\b")
        return {tuple(own.sub(r"\1\2", part.replace(marker, "RUN")) for part in one) for one in heard}

    return start


@pytest.fixture(scope="module")
def alone(listen: Callable[..., set[tuple[str, ...]]]) -> set[tuple[str, ...]]:
    """The requests of a run on one worker."""
    return listen()


def creates(requests: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """What was posted, without the numbers that a case counts its requests with."""
    number = re.compile(r"(?<=RUN[ -])[0-9a-f]{6}-[0-9]+")
    return {tuple(number.sub("", part) for part in one) for one in requests if one[0] == "POST"}


def test_one_seed_sends_the_same_requests(alone: set[tuple[str, ...]], listen: Callable[..., set[tuple[str, ...]]]) -> None:
    """Method, path, query, headers and body of every request, the run's marker and trace aside."""
    assert len(alone) > 100
    assert alone == listen()


def test_one_seed_posts_the_same_bodies_on_two_workers(
    alone: set[tuple[str, ...]], listen: Callable[..., set[tuple[str, ...]]]
) -> None:
    """Workers share the cases, so some controls are sent twice; what is sent is the same."""
    assert creates(alone) == creates(listen("--workers", "2"))


def test_the_result_is_plain_json_without_a_key(smoke: Smoke) -> None:
    """What a program reads holds no credential."""
    text = (smoke[1] / "result.json").read_text("utf-8")
    assert json.loads(text)["schemaVersion"] == 4
    assert "sk_lf_reference" not in text
