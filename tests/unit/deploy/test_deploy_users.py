"""The table of NATS users, without a server."""

import json

import pytest

from deploy.nats.users import CONFIG, inbox, server_config, users
from shared.bus.connection import inbox as prefix
from shared.subjects import RENDER_PAGE, STAGES, SUBJECTS


def of(name: str, publishers: dict[str, list[str]] | None = None) -> set[str]:
    (user,) = [each for each in users(publishers or {}) if each.name == name]
    return set(user.publish)


def test_each_stage_has_a_user_that_may_publish_what_the_table_says() -> None:
    for name in STAGES:
        wanted = {each.pattern.replace("*", name, 1) if each.pattern.count("*") > 1 else each.pattern
                  for each in SUBJECTS if name in each.producers}  # fmt: skip
        wanted |= {RENDER_PAGE} if name == "fetch" else set()
        assert {each for each in of(name) if not each.startswith("$")} == wanted


READS = {
    "fetch": {
        "$JS.API.STREAM.MSG.GET.RAW",  # looks at what took its message's id, and at what it published before a crash
        *(
            f"$JS.API.STREAM.MSG.GET.KV_{each}"
            for each in ("sources", "source-state", "seen", "hosts", "websub", "pushes")
        ),
        *(f"$JS.API.DIRECT.GET.KV_{each}" for each in ("sources", "source-state", "pushes", "websub")),
        *(f"$JS.API.STREAM.INFO.{each}" for each in ("RAW", "PARSED", "ENRICHED", "KV_pushes")),
        *(f"$JS.API.CONSUMER.INFO.{each}" for each in ("RAW.parse", "PARSED.enrich", "ENRICHED.index")),
    }
}
"""What a stage may ask of JetStream besides its own consumer."""


def test_no_worker_may_make_a_consumer_or_read_any_other_consumer() -> None:
    for name in STAGES:
        asked = {each for each in of(name) if each.startswith("$JS.API.")} - READS.get(name, set())
        prefix_, place = "$JS.API.CONSUMER.", f".{STAGES[name].consumer.durable}"
        verbs = {each.removeprefix(prefix_).removesuffix(place).rpartition(".")[0] for each in asked}
        assert verbs == {"INFO", "MSG.NEXT"}


def test_fetch_keeps_what_it_knows_and_sources_are_its_operators() -> None:
    written = {name: {each for each in of(name) if each.startswith("$KV.")} for name in (*STAGES, "ctl")}
    assert written.pop("fetch") == {
        "$KV.source-state.>", "$KV.seen.>", "$KV.hosts.>", "$KV.pushes.>", "$KV.websub.asked.*",
    }  # fmt: skip
    assert written.pop("ctl") == {"$KV.sources.>", "$KV.source-state.>", "$KV.seen.>", "$KV.tokens.>"}
    assert not any(written.values())


def test_the_intake_publishes_raw_articles_and_reads_none() -> None:
    assert of("intake") == {
        "news.raw.*", "$JS.API.STREAM.INFO.RAW", "$JS.API.DIRECT.GET.KV_tokens", "$JS.API.STREAM.MSG.GET.KV_websub",
        "$JS.API.STREAM.MSG.GET.KV_sources",
        "$KV.websub.confirmed.*", "$KV.pushes.*.*",
    }  # fmt: skip


def test_render_answers_what_it_is_asked_and_says_nothing_else() -> None:
    known = users({})
    text = server_config({user.name: f"U{number}" for number, user in enumerate(known)}, known, "/data")
    lines = {line.split("permissions: ")[1].rsplit("}", 1)[0] for line in text.splitlines() if "permissions: " in line}
    (rights,) = [json.loads(each) for each in lines if "allow_responses" in each]
    assert rights == {
        "publish": {"deny": [">"]},
        "subscribe": {"allow": ["_INBOX_render.>", RENDER_PAGE]},
        "allow_responses": {"max": 1, "expires": "2m"},
    }


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([], {"news.raw.*"}),
        (["reuters"], {"news.raw.reuters"}),
        (["Reuters UK", "afp"], {"news.raw.reuters-uk-dc8ecfcd", "news.raw.afp"}),
    ],
)
def test_a_publisher_may_publish_its_sources(sources: list[str], expected: set[str]) -> None:
    from shared.subjects import RAW, token

    assert of("wire", {"wire": sources}) == ({RAW.of(token(each)) for each in sources} or {"news.raw.*"})
    assert len(of("wire", {"wire": sources})) == len(expected)


@pytest.mark.parametrize("name", ["parse", "keeper", "intake", "render", "ctl", "provision"])
def test_a_publisher_cannot_have_a_services_name(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        users({name: []})


def test_everybody_listens_on_its_own_inbox() -> None:
    for user in users({"wire": []}):
        assert f"{prefix(user.name)}.>" == inbox(user.name)
        assert inbox(user.name) in user.subscribe


def test_the_configuration_holds_each_user_once_and_nobody_else() -> None:
    known = users({"wire": ["reuters"]})
    text = server_config({user.name: f"U{number}" for number, user in enumerate(known)}, known, "/data")
    assert text.count("nkey:") == len(known)
    assert "no_auth_user" not in text
    assert "sync_interval: always" in text
    assert "js_ack_fc_v2: false" in CONFIG
    line = next(line for line in text.splitlines() if line.strip().startswith(f"{{ nkey: U{len(known) - 1},"))
    rights = json.loads(line.split("permissions: ")[1].rsplit("}", 1)[0])
    assert rights["publish"]["allow"] == ["news.raw.reuters"]


def test_publishers_are_in_an_account_that_has_raw_articles_alone() -> None:
    known = users({"wire": ["reuters"]})
    inside, outside = server_config({user.name: user.name for user in known}, known, "/data").split("PUBLISHERS: {", 1)
    assert "nkey: wire," not in inside
    assert outside.count("nkey:") == 1
    assert 'imports: [{ service: { account: NEWS, subject: "news.raw.*" } }]' in outside
