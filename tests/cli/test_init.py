"""`sunlit init`: a folder that checks and builds at once, and nothing of what stood there is changed."""

import re
from pathlib import Path

import pytest
import yaml

from generator import REPOSITORY, __version__, config
from generator.cli import Exit
from generator.cli import run as sunlit
from generator.scaffold import Beginning, Home, installed_from, scaffold_files, store_in

IDENTIFIER = "angor1qkmmqqktfhe79wxp20555cdp5gfardr4s26wr00"
FILES = {
    "config.yaml",
    "README.md",
    "content/README.md",
    ".github/workflows/publish.yml",
    ".github/dependabot.yml",
    ".gitignore",
    ".gitattributes",
}


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_fresh_folder_checks_and_builds_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "village"
    assert sunlit(["init", str(folder), "--yes"]) == Exit.DONE
    assert set(files_in(folder)) == FILES
    monkeypatch.chdir(folder)
    assert sunlit(["check"]) == Exit.DONE
    said = capsys.readouterr()
    assert "projects names no project, so no source is asked" in said.out + said.err
    assert sunlit(["build"]) == Exit.DONE
    page = (folder / "output/index.html").read_text(encoding="utf-8")
    assert "No project is in this report yet." in page
    assert sunlit(["verify", "output"]) == Exit.DONE


def test_what_is_there_stays_and_what_would_stand_there_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.yaml").write_text("version: 1\n", encoding="utf-8")
    (tmp_path / ".gitignore").write_text("node_modules/\n", encoding="utf-8")
    before = files_in(tmp_path)
    assert sunlit(["init", str(tmp_path), "--yes"]) == Exit.DONE
    after = files_in(tmp_path)
    assert {name: after[name] for name in before} == before
    assert set(after) == FILES
    said = capsys.readouterr().out
    first = said.splitlines()[0]
    assert "2 of the 7 files are there already and were not changed (config.yaml, .gitignore)" in first
    assert said.index("`sunlit check`") < said.index("wrote ")
    assert f"kept {(tmp_path / 'config.yaml').as_posix()}" in said
    assert "+.sunlit/" in said
    assert sunlit(["init", str(tmp_path), "--yes"]) == Exit.DONE
    assert files_in(tmp_path) == after


def test_what_comes_next_is_said_from_where_one_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert sunlit(["init", "village", "--yes"]) == Exit.DONE
    assert "Next: `cd village`, read README.md there, and run `sunlit check`." in capsys.readouterr().err
    assert sunlit(["init", "village", "--yes"]) == Exit.DONE
    said = capsys.readouterr()
    assert "village: all 7 files of a report are there already and were not changed" in said.out
    assert "move it away and run `sunlit init` again" in said.out
    assert said.out.count("\n") == 2  # and no difference


def test_who_wrote_the_account_is_not_asked_for_it_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workflow = tmp_path / ".github/workflows/publish.yml"
    assert sunlit(["init", str(tmp_path), "--yes"]) == Exit.DONE
    asked = "write in place of OWNER" in capsys.readouterr().err
    assert asked is (b"uses: OWNER/" in workflow.read_bytes())
    workflow.write_bytes(workflow.read_bytes().replace(b"uses: OWNER/", b"uses: village/"))
    assert sunlit(["init", str(tmp_path), "--yes"]) == Exit.DONE
    assert "OWNER" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "address",
    ["https://github.com/Village/report", "git@github.com:Village/report.git", "Village/report"],
)
def test_a_repository_may_be_given_by_its_address(tmp_path: Path, address: str) -> None:
    assert sunlit(["init", str(tmp_path), "--yes", "--repository", address]) == Exit.DONE
    assert "https://github.com/Village/report" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sunlit(["init", str(tmp_path / "new"), "--yes", "--dry-run"]) == Exit.DONE
    assert not (tmp_path / "new").exists()
    assert capsys.readouterr().out.count("would write") == len(FILES)


def test_answers_stand_in_the_configuration_and_the_workflow() -> None:
    server, store = store_in("https://pay.example.org/btc/stores/9xAbC/dashboard?x=1")
    made = scaffold_files(
        Beginning(
            title='Well: "year 2" # [x]',
            repository="Village/report",
            server=server,
            store=store,
            angor=(IDENTIFIER,),
        )
    )
    text = made["config.yaml"].decode()
    assert "url: https://pay.example.org/btc/\n" in text, "the slash says that BTCPay stands there"
    parsed = config.parse(text)
    assert parsed.site.title == 'Well: "year 2" # [x]'
    assert parsed.site.base_url == "https://village.github.io/report"
    assert (parsed.sources.btcpay[0].url, parsed.sources.btcpay[0].stores) == (
        "https://pay.example.org/btc",
        ("9xAbC",),
    )
    first, second = parsed.projects
    assert (first.angor, second.slug) == (IDENTIFIER, "store")
    assert [(place.source, place.store) for place in second.btcpay] == [("pay", "9xAbC")]
    caller = yaml.safe_load(made[".github/workflows/publish.yml"])
    assert len(made[".github/workflows/publish.yml"].splitlines()) <= 28
    assert re.fullmatch(
        r"[\w-]+/sunlit/\.github/workflows/report\.yml@v\d+\.\d+\.\d+", caller["jobs"]["report"]["uses"]
    )
    assert b"ACCOUNT" not in b"".join(made.values())


def test_the_examples_of_a_new_configuration_are_allowed_when_their_marks_are_taken_away() -> None:
    text = scaffold_files(Beginning(title="Well"))["config.yaml"].decode()
    bare = re.sub(r"^#(?=  |projects:)", "", text, flags=re.MULTILINE)
    parsed = config.parse(bare.replace("angor1q…", IDENTIFIER).replace("9xA…", "9xA").replace("2mP…", "2mP"))
    assert [project.slug for project in parsed.projects] == ["village-well", "kitchen"]
    assert parsed.sources.btcpay[0].id == "pay"


def test_each_report_has_a_time_of_its_own_off_the_full_hour_and_midnight() -> None:
    made = [Beginning(title=f"report {number}") for number in range(400)]
    assert len({(one.minute, one.hours) for one in made}) > 100
    for one in made:
        hours = [int(hour) for hour in one.hours.split(",")]
        assert len(hours) == 4
        assert 0 not in hours
        assert all(min(one.minute % 15, -one.minute % 15) > 1 for _ in hours), one.minute


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--btcpay", "pay.example.org"], "is not the address of a store"),
        (["--angor", "angor1nonsense"], "instead of 45"),
        (["--btcpay", "http://pay.example.org/stores/9xA"], "plain http would show"),
        (["--repository", "me/report/issues"], "is no repository's name"),
        (["--title", ""], "title"),
        (["--sunlit", "https://github.com/village/sunlit"], "expected OWNER/NAME@VERSION"),
    ],
)
def test_a_slip_is_said_and_nothing_is_written(
    options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sunlit(["init", str(tmp_path / "new"), *options]) == Exit.WRONG_USE
    assert said in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


COMMIT = "0123456789abcdef0123456789abcdef01234567"
GIT = '{"url": "%s", "vcs_info": {"vcs": "git", "commit_id": "' + COMMIT + '"}}'


@pytest.mark.parametrize(
    ("direct_url", "repository", "ref"),
    [
        (None, REPOSITORY, f"v{__version__}"),
        ('{"url": "file:///home/me/sunlit", "dir_info": {"editable": true}}', REPOSITORY, f"v{__version__}"),
        (GIT % "https://github.com/village/sunlit.git", "village/sunlit", COMMIT),
        (GIT % "ssh://git@github.com/village/sunlit", "village/sunlit", COMMIT),
        (GIT % "https://git.example.org/village/sunlit", REPOSITORY, f"v{__version__}"),
    ],
)
def test_the_workflow_is_called_from_where_this_sunlit_came(
    direct_url: str | None, repository: str, ref: str
) -> None:
    made = scaffold_files(Beginning(title="Well"), installed_from(direct_url))
    caller = yaml.safe_load(made[".github/workflows/publish.yml"])
    assert caller["jobs"]["report"]["uses"] == f"{repository}/.github/workflows/report.yml@{ref}"
    assert f"https://github.com/{repository}/blob/{ref}/docs/quick-start.md" in made["README.md"].decode()


def test_before_the_first_release_init_says_so_and_an_option_mends_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    unreleased = Home(repository="OWNER/sunlit", ref="v0.1.0")
    monkeypatch.setattr("generator.scaffold.home.RELEASED", unreleased)
    assert sunlit(["init", str(tmp_path / "first"), "--yes"]) == Exit.DONE
    assert "write in place of OWNER in .github/workflows/publish.yml" in capsys.readouterr().err
    told = (tmp_path / "first/README.md").read_text(encoding="utf-8")
    assert "older than its first release" in told
    assert 'pipx install "sunlit[sandbox,serve] @ git+https://github.com/OWNER/sunlit@v0.1.0"' in told

    words = ["init", str(tmp_path / "second"), "--yes", "--sunlit", "village/sunlit@main"]
    assert sunlit(words) == Exit.DONE
    assert "OWNER in" not in capsys.readouterr().err
    made = b"".join(files_in(tmp_path / "second").values())
    assert b"uses: village/sunlit/.github/workflows/report.yml@main" in made
    assert b"OWNER/sunlit" not in made
    assert b"older than its first release" not in made


def test_a_release_is_asked_of_the_package_index_by_its_version() -> None:
    assert Home(repository="village/sunlit", ref="v1.2.3", released=True).requirement == (
        "sunlit[sandbox,serve]==1.2.3"
    )
