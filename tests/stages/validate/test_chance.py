"""A secret whose text is a common word takes nothing away from the messages about other fields."""

from tests.stages.validate.support import SECRETS, found


def test_the_words_of_a_secret_in_other_messages_are_no_leak() -> None:
    text = "webhooks: [{name: a, url: 'https://a.example.net', topics: [alarmz], type: htp-post, secret: %s}]"
    plain = [item.detail for item in found(text % "'long and unlike anything'") if item.rule != "plain-secret"]
    assert len(plain) > 1
    for word in ("alarms", "type", "topic", "http-post", "a"):
        shown = [item.detail for item in found(text % f"'{word}'") if item.rule != "plain-secret"]
        assert shown == plain, word


def test_a_message_that_would_repeat_a_secret_says_less() -> None:
    text = "webhooks: [{name: a, url: 'https://a.example.net', topics: [!secret env:SHORT], type: !secret env:SHORT}]"
    details = [item.detail for item in found(text)]
    assert details
    assert not [detail for detail in details if SECRETS["SHORT"] in detail]
    assert any("It comes from a secret" in detail for detail in details)


def test_a_secret_that_is_a_word_of_the_message_itself_is_still_not_repeated() -> None:
    text = "webhooks: [{name: a, url: 'https://a.example.net', topics: [audits], type: !secret env:SHORT}]"
    (told,) = found(text, rule="bad-enum")
    assert SECRETS["SHORT"] not in told.detail


def test_two_addresses_with_one_token_are_still_seen_to_be_one() -> None:
    hook = "{name: %s, url: 'https://hooks.slack.com/services/T/B/canary', topics: [alarms]}"
    text = f"webhooks: [{hook % 'a'}]\nsites: [{{name: A, webhooks: [{hook % 'b'}]}}]"
    reported = found(text)
    assert "webhook-duplicate-delivery" in {item.rule for item in reported}
    assert not [item for item in reported if "canary" in item.detail]
