"""The review's forms as a browser without script sends them."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from tests.desk.stored import ACCOUNT, Client

BASE = f"/accounts/{ACCOUNT.id}"


@pytest.fixture
def ada(home: Any) -> Client:
    return Client(home, cookies={"analyst": "Ada"})


def tree(client: Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return html.document_fromstring(answer.text)


def fields(form: Any, **more: str) -> list[tuple[str, str]]:
    """What a browser would send of a form, the token left to the client."""
    hidden = [(one.get("name"), one.get("value") or "") for one in form.xpath(".//input[@type='hidden']")]
    return [pair for pair in hidden if pair[0] not in ("token", *more)] + list(more.items())


def form_with(page: Any, verdict: str) -> Any:
    return page.xpath(f"//form[.//button[@value='{verdict}']]")[0]


def judgements(client: Client) -> list[dict[str, Any]]:
    return list(client.get(f"/api{BASE}/judgements").json()["judgements"])


def test_nobody_decides_without_a_name(client: Client) -> None:
    page = tree(client, f"{BASE}/review")
    answer = client.post(f"{BASE}/review", fields(form_with(page, "accept"), verdict="accept"))
    assert answer.status_code == 403
    assert judgements(client) == []


def test_accepting_leads_to_the_next_and_says_what_was_done(ada: Client) -> None:
    page = tree(ada, f"{BASE}/review")
    answer = ada.post(f"{BASE}/review", fields(form_with(page, "accept"), verdict="accept"))
    assert answer.status_code == 303
    after = tree(ada, answer.headers["location"])
    assert "Ada accepted" in after.xpath("//*[@role='status']")[0].text_content()
    assert after.get_element_by_id("h-finding").text_content() != page.get_element_by_id("h-finding").text_content()


def test_the_evidence_is_marked_inside_the_captured_text(ada: Client) -> None:
    page = tree(ada, f"{BASE}/review")
    captured = page.xpath("//*[@class='captured']")[0]
    marked = captured.xpath("mark")[0].text_content()
    assert marked
    assert len(captured.text_content()) > len(marked)
    assert page.xpath("//section[@class='evidence']//a[contains(@href, '/documents/')]")


def test_everything_of_a_page_is_accepted_at_once_unless_it_has_changed(ada: Client) -> None:
    page = tree(ada, f"{BASE}/queue")
    source = page.xpath("//select[@id='source']/option[@value!='']/@value")[0]
    listed = tree(ada, f"{BASE}/queue?source={source}")
    (form,) = listed.xpath("//form[.//input[@name='all']]")
    number = int(form.xpath(".//input[@name='all']/@value")[0])
    assert number == len(listed.xpath("//tbody//input[@name='target']")) > 1
    first = listed.xpath("//tbody//input[@name='target']/@value")[0]
    seen = ada.get(f"/api{BASE}/findings/{first}").json()["seen"]
    other = [
        ("key", "somebody-else"),
        ("target", first),
        ("seen", str(seen)),
        ("verdict", "reject"),
        ("reason", "noise"),
        ("scope", "finding"),
    ]
    assert ada.post(f"{BASE}/review", other).status_code == 303
    late = ada.post(f"{BASE}/review", fields(form, verdict="accept"))
    assert late.status_code == 409
    again = tree(ada, f"{BASE}/queue?source={source}").xpath("//form[.//input[@name='all']]")[0]
    assert ada.post(f"{BASE}/review", fields(again, verdict="accept")).status_code == 303
    (bulk,) = [j for j in judgements(ada) if len(j["target_ids"]) > 1]
    assert (bulk["verdict"], len(bulk["target_ids"])) == ("accept", number - 1)
    assert not tree(ada, f"{BASE}/queue?source={source}").xpath("//input[@name='all']")
    undo = form_with(tree(ada, f"{BASE}/queue"), "undo")
    assert ada.post(f"{BASE}/review", fields(undo, verdict="undo")).status_code == 303
    assert ada.get(f"/api{BASE}/findings/{bulk['target_ids'][0]}").json()["status"] == "new"


def test_the_marked_rows_of_the_list_are_accepted_together(ada: Client) -> None:
    page = tree(ada, f"{BASE}/queue")
    marked = page.xpath("//tbody//input[@name='target']/@value")[:3]
    form = page.xpath("//form[.//table]")[0]
    ada.post(f"{BASE}/review", [*fields(form, verdict="accept"), *(("target", one) for one in marked)])
    assert [j["target_ids"] for j in judgements(ada)] == [marked]


def test_a_rule_is_tried_made_shown_and_withdrawn(ada: Client) -> None:
    page = tree(ada, f"{BASE}/review")
    form = form_with(page, "reject")
    tried = ada.post(f"{BASE}/rules/test", fields(form, reason="noise", scope="like", verdict="reject"))
    assert tried.status_code == 200
    assert "It would hit" in tried.text
    assert judgements(ada) == []
    ada.post(f"{BASE}/review", fields(form, reason="noise", scope="like", verdict="reject"))
    rules = tree(ada, f"{BASE}/rules")
    assert "by itself" in rules.xpath("//main")[0].text_content()
    withdraw = form_with(rules, "undo")
    answer = ada.post(f"{BASE}/review", fields(withdraw, verdict="undo"))
    assert answer.headers["location"].startswith(f"{BASE}/rules")
    assert "No rule holds here" in tree(ada, f"{BASE}/rules").text_content()
    assert [j["verdict"] for j in judgements(ada)] == ["reject", "rule", "undo"]
    rejected = judgements(ada)[0]["target_ids"][0]
    assert ada.get(f"/api{BASE}/findings/{rejected}").json()["status"] == "rejected"


def test_a_section_is_edited_in_place_and_both_get_their_say(ada: Client, home: Any) -> None:
    bob = Client(home, cookies={"analyst": "Bob"})
    page = tree(ada, f"{BASE}/sections/pains")
    form = form_with(page, "edit")
    assert ada.post(f"{BASE}/sections/pains", fields(form, verdict="edit", edit="Ada's sentence.")).status_code == 303
    late = bob.post(
        f"{BASE}/sections/pains", fields(form, verdict="edit", edit="Bob's sentence.", key="another-key-of-bob")
    )
    assert late.status_code == 409
    assert "Ada was faster" in late.text
    assert "Bob&#39;s sentence." in late.text
    shown = tree(bob, f"{BASE}/sections/pains")
    assert shown.xpath("//p[@class='text']")[0].text_content() == "Ada's sentence."
    add = form_with(shown, "add")
    bob.post(f"{BASE}/sections/pains", fields(add, verdict="add", edit="Nobody wrote this down."))
    last = tree(bob, f"{BASE}/sections/pains").xpath("//ol[@class='claims']/li")[-1].text_content()
    assert "Nobody wrote this down." in last
    assert "analyst's word" in last


def test_judgements_come_in_through_a_form(ada: Client, client: Client, made_home: Any, tmp_path: Any) -> None:
    import shutil

    page = tree(ada, f"{BASE}/review")
    ada.post(f"{BASE}/review", fields(form_with(page, "accept"), verdict="accept"))
    lines = ada.get(f"{BASE}/judgements.jsonl").text
    other = Client(shutil.copytree(made_home, tmp_path / "other"), cookies={"analyst": "Bob"})
    assert other.post(f"{BASE}/judgements", [("lines", "nonsense")]).status_code == 422
    assert other.post(f"{BASE}/judgements", [("lines", lines)]).status_code == 303
    assert [j["analyst"] for j in judgements(other)] == ["Ada"]
