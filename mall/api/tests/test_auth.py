import datetime
import hashlib

import jwt
import pytest
from django.conf import settings

from mall.api.testing import ApiClient
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from members import services
from members.models import Account, Consent, Member, SignIn, SmsCode
from members.sandbox import last_sms_code
from members.testing import PASSWORD, make_member, make_operator
from orders.testing import make_stocked_sku

pytestmark = pytest.mark.django_db
PHONE = "13700000001"


def send(client, phone=PHONE, purpose="login"):
    return client.post_json("auth/sms-codes/", {"phone": phone, "purpose": purpose})


def code_for(client, phone=PHONE, purpose="login"):
    assert send(client, phone, purpose).status_code == 202
    code = last_sms_code(phone)
    assert code is not None
    return code


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def sign_in(client, member):
    answer = client.post_json("auth/login/", {"phone": member.account.phone, "password": PASSWORD})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_shopper_registers_by_code_and_is_signed_in():
    client = ApiClient()
    body = {
        "phone": PHONE,
        "code": code_for(client, purpose="register"),
        "password": PASSWORD,
        "consent_version": "2026-11",
    }

    answer = client.post_json("auth/register/", body)

    assert answer.status_code == 201
    member = answer.json()["member"]
    assert set(answer.json()) == {"access", "refresh", "expires_in", "member"}
    assert member["phone_masked"] == "137****0001"
    assert member["tier"] == {"code": "normal", "name": "Member", "rate_bp": 10_000}
    client.token = answer.json()["access"]
    assert client.get_json("me/").json() == member
    documents = Consent.objects.filter(account__phone=PHONE).values_list("document", flat=True)
    assert sorted(documents) == ["privacy", "terms"]


def test_registering_twice_is_refused_after_the_phone_was_proved():
    make_member(phone=PHONE)
    client = ApiClient()
    code = code_for(client, purpose="register")

    answer = client.post_json(
        "auth/register/", {"phone": PHONE, "code": code, "consent_version": "1"}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "auth.phone_taken")
    assert Account.objects.filter(phone=PHONE).count() == 1


@pytest.mark.parametrize(
    "spelling", ["137 0000 0001", "+8613700000001", "１３７０００００００１", "137-0000-0001"]
)
def test_one_phone_in_any_spelling_is_one_account(spelling):
    member = make_member(phone=PHONE, password=PASSWORD)

    answer = ApiClient().post_json("auth/login/", {"phone": spelling, "password": PASSWORD})

    assert answer.json()["member"]["id"] == member.pk


def test_a_code_signs_in_once():
    member = make_member(phone=PHONE)
    client = ApiClient()
    body = {"phone": PHONE, "code": code_for(client)}

    first = client.post_json("auth/login/", body)
    second = client.post_json("auth/login/", body)

    assert first.json()["member"]["id"] == member.pk
    assert (second.status_code, second.json()["code"]) == (409, "auth.code_expired")


def test_a_code_of_one_purpose_or_phone_opens_no_other_door():
    make_member(phone=PHONE)
    make_member(phone="13700000002")
    client = ApiClient()
    code = code_for(client, purpose="reset")

    for phone in (PHONE, "13700000002"):
        answer = client.post_json("auth/login/", {"phone": phone, "code": code})
        assert (answer.status_code, answer.json()["code"]) == (409, "auth.code_expired")


def test_the_sixth_wrong_code_is_throttled_and_the_right_one_too():
    make_member(phone=PHONE)
    client = ApiClient()
    code = code_for(client)

    answers = [
        client.post_json("auth/login/", {"phone": PHONE, "code": tried})
        for tried in [wrong(code)] * 6 + [code]
    ]

    assert [answer.status_code for answer in answers] == [409] * 5 + [429] * 2
    assert answers[-1].json()["code"] == "auth.too_many_tries"
    assert answers[-1]["Retry-After"] == "60"
    assert SmsCode.objects.get().tries == 5


def test_asking_for_a_code_is_limited_and_says_nothing_about_the_phone():
    make_member(phone=PHONE)
    client = ApiClient()

    known, unknown = send(client), send(client, "13700000099")
    again, unknown_again = send(client), send(client, "13700000099")

    assert known.status_code == unknown.status_code == 202
    assert known.json() == unknown.json() == {"retry_after_seconds": 60}
    assert again.status_code == unknown_again.status_code == 429
    assert again["Retry-After"] == "60"


def test_no_answer_and_no_row_holds_the_code(caplog):
    client = ApiClient()
    answer = send(client)
    code = last_sms_code(PHONE) or ""

    assert len(code) == 6
    row = SmsCode.objects.get()
    assert code.encode() not in answer.content
    assert code not in caplog.text
    assert row.code_hash not in {code, hashlib.sha256(code.encode()).hexdigest()}
    assert len(row.code_hash) == 64


def test_a_wrong_password_and_an_unknown_phone_get_the_same_answer():
    make_member(phone=PHONE, password=PASSWORD)
    client = ApiClient()

    answers = [
        client.post_json("auth/login/", {"phone": phone, "password": "not-This-2026"})
        for phone in (PHONE, "13700000099")
    ]

    bodies = [{**answer.json(), "trace_id": ""} for answer in answers]
    assert bodies[0] == bodies[1]
    assert bodies[0]["code"] == "auth.wrong_credentials"
    assert {answer.status_code for answer in answers} == {401}
    assert answers[0].headers.keys() == answers[1].headers.keys()


def test_the_sixth_wrong_password_locks_known_and_unknown_phones_alike():
    make_member(phone=PHONE, password=PASSWORD)
    client = ApiClient()

    for phone in (PHONE, "13700000099"):
        tries = [
            client.post_json("auth/login/", {"phone": phone, "password": "not-This-2026"})
            for _n in range(6)
        ]
        assert [answer.status_code for answer in tries] == [401] * 5 + [429]

    locked = client.post_json("auth/login/", {"phone": PHONE, "password": PASSWORD})
    assert locked.json()["code"] == "auth.too_many_tries"


def test_an_operator_without_a_member_cannot_enter_the_shop():
    make_operator(username="operator-1")
    Account.objects.filter(username="operator-1").update(phone=PHONE)

    answer = ApiClient().post_json("auth/login/", {"phone": PHONE, "password": PASSWORD})

    assert answer.status_code == 401


@pytest.mark.parametrize("extra", [{}, {"password": PASSWORD, "code": "123456"}])
def test_a_login_needs_exactly_one_proof(extra):
    answer = ApiClient().post_json("auth/login/", {"phone": PHONE, **extra})

    assert (answer.status_code, answer.json()["code"]) == (400, "request.invalid")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"phone": "12345", "password": PASSWORD}, "phone"),
        ({"phone": 13700000001, "password": PASSWORD}, "phone"),
        ({"phone": "137\x0000000001", "password": PASSWORD}, "phone"),
        ({"phone": PHONE, "password": "x" * 1_000_000}, None),
        ({"phone": PHONE, "password": "x" * 129}, "password"),
        ({"phone": PHONE, "password": "\ud800"}, "password"),
        ({"phone": PHONE, "password": PASSWORD, "is_staff": True}, "is_staff"),
    ],
)
def test_a_bad_body_names_its_field(body, field):
    answer = ApiClient().post_json("auth/login/", body)

    assert answer.status_code == 400
    if field:
        assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("password", ["short", "password123456"[:8], "12345678901234"])
def test_a_weak_password_is_refused_before_the_code_is_used(password):
    client = ApiClient()
    code = code_for(client, purpose="register")
    body = {"phone": PHONE, "code": code, "consent_version": "1"}

    refused = client.post_json("auth/register/", {**body, "password": password})

    assert (refused.status_code, refused.json()["code"]) == (400, "auth.password_refused")
    assert client.post_json("auth/register/", body).status_code == 201


def test_wechat_signs_the_nth_demo_member_in_and_binds_for_good():
    member = make_member(phone="13800000002")

    first = ApiClient().post_json("auth/wechat/", {"code": "demo-2"})
    second = ApiClient().post_json("auth/wechat/", {"code": "demo-2"})

    assert first.json()["member"]["id"] == second.json()["member"]["id"] == member.pk
    assert member.account.wechat_identities.count() == 1
    assert b"session_key" not in first.content


def test_wechat_opens_an_account_for_a_new_visitor():
    answer = ApiClient().post_json("auth/wechat/", {"code": "demo-77"})

    assert answer.status_code == 200
    assert Member.objects.get(account__phone="13800000077").pk == answer.json()["member"]["id"]


def test_a_code_wechat_does_not_know_is_refused():
    answer = ApiClient().post_json("auth/wechat/", {"code": "demo-0"})

    assert (answer.status_code, answer.json()["code"]) == (409, "auth.wechat_refused")


def test_a_refresh_token_counts_once():
    client = ApiClient()
    tokens = sign_in(client, make_member(password=PASSWORD))

    renewed = client.post_json("auth/refresh/", {"refresh": tokens["refresh"]})
    replayed = client.post_json("auth/refresh/", {"refresh": tokens["refresh"]})

    assert renewed.status_code == 200
    assert renewed.json()["refresh"] != tokens["refresh"]
    assert (replayed.status_code, replayed.json()["code"]) == (401, "auth.token_invalid")
    client.token = renewed.json()["access"]
    assert client.get_json("me/").status_code == 200


def test_a_refresh_token_played_again_later_ends_the_device():
    client = ApiClient()
    tokens = sign_in(client, make_member(password=PASSWORD))
    renewed = client.post_json("auth/refresh/", {"refresh": tokens["refresh"]}).json()
    SignIn.objects.update(seen_at=clock.now() - datetime.timedelta(minutes=1))

    client.post_json("auth/refresh/", {"refresh": tokens["refresh"]})

    client.token = renewed["access"]
    assert client.get_json("me/").status_code == 401
    assert client.post_json("auth/refresh/", {"refresh": renewed["refresh"]}).status_code == 401


def test_logging_out_kills_both_tokens_of_this_device_only():
    member = make_member(password=PASSWORD)
    here, there = ApiClient(), ApiClient()
    tokens, others = sign_in(here, member), sign_in(there, member)
    here.token, there.token = tokens["access"], others["access"]

    assert here.post_json("auth/logout/", {"refresh": tokens["refresh"]}).status_code == 204
    assert here.post_json("auth/logout/", {"refresh": tokens["refresh"]}).status_code == 204

    assert here.get_json("me/").status_code == 401
    assert here.post_json("auth/refresh/", {"refresh": tokens["refresh"]}).status_code == 401
    assert there.get_json("me/").status_code == 200


def test_a_changed_password_signs_every_other_device_out():
    member = make_member(password=PASSWORD)
    here, there = ApiClient(), ApiClient()
    here.token, there.token = sign_in(here, member)["access"], sign_in(there, member)["access"]

    changed = here.post_json(
        "auth/password/", {"old_password": PASSWORD, "new_password": "another-One-2026"}
    )

    assert changed.status_code == 200
    assert here.get_json("me/").status_code == there.get_json("me/").status_code == 401
    here.token = changed.json()["access"]
    assert here.get_json("me/").json()["unread"] == 1
    assert "auth.wrong_credentials" in str(
        there.post_json(
            "auth/login/", {"phone": member.account.phone, "password": PASSWORD}
        ).content
    )


def test_a_forgotten_password_is_set_by_code():
    member = make_member(phone=PHONE)
    client = ApiClient()
    code = code_for(client, purpose="reset")
    body = {"phone": PHONE, "code": code, "new_password": PASSWORD}

    assert client.post_json("auth/password/", body).json()["member"]["id"] == member.pk
    assert sign_in(client, member)["member"]["id"] == member.pk


def test_changing_a_password_needs_a_token_and_the_old_one():
    member = make_member(password=PASSWORD)
    body = {"old_password": "wrong-One-2026", "new_password": "another-One-2026"}

    assert ApiClient().post_json("auth/password/", body).status_code == 401
    client = ApiClient.of(member)
    answers = [client.post_json("auth/password/", body).json()["code"] for _n in range(6)]
    assert answers == ["auth.wrong_credentials"] * 5 + ["auth.too_many_tries"]
    assert client.get_json("me/").status_code == 200


def test_a_closed_account_is_out_with_its_next_request():
    member = make_member(password=PASSWORD)
    client = ApiClient()
    tokens = sign_in(client, member)
    client.token = tokens["access"]

    services.close_account(account=member.account, actor=make_operator(), at=clock.now())

    assert client.get_json("me/").status_code == 401
    assert client.post_json("auth/refresh/", {"refresh": tokens["refresh"]}).status_code == 401
    login = {"phone": member.account.phone, "password": PASSWORD}
    assert ApiClient().post_json("auth/login/", login).status_code == 401


def forged(claims, key=settings.SECRET_KEY, algorithm="HS256"):
    now = int(clock.now().timestamp())
    base = {"token_type": "access", "jti": "1", "iat": now, "exp": now + 600, "aud": "mall"}
    return jwt.encode({**base, **claims}, key, algorithm)


def test_no_forged_token_gets_in():
    member = make_member(password=PASSWORD)
    tokens = sign_in(ApiClient(), member)
    good = jwt.decode(tokens["access"], settings.SECRET_KEY, ["HS256"], audience="mall")
    other = make_member()
    now = good["iat"]
    forgeries = [
        tokens["refresh"],
        forged(good, key="", algorithm="none"),
        forged(good, key="another-secret-that-is-long-enough-for-hs256"),
        forged({**good, "exp": now - 1}),
        forged({**good, "iat": now + 3600}),
        forged({**good, "aud": "another-shop"}),
        forged({**good, "user_id": other.account_id}),
        forged({**good, "user_id": [member.account_id]}),
        forged({**good, "ver": good["ver"] + 1}),
        forged({**good, "sid": "0" * 32}),
        forged({**good, "sid": {"$ne": None}}),
        "x.y.z",
        "",
        "\u0661.\u0662.\u0663",
    ]
    client = ApiClient()
    client.token = tokens["access"]
    assert client.get_json("me/").status_code == 200

    for token in forgeries:
        answer = client.generic("GET", "/api/v1/me/", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, token
        assert answer["Content-Type"] == "application/problem+json"


def test_the_demo_phone_answers_this_machine_only():
    client = ApiClient()
    code = code_for(client)

    near = client.get("/sandbox/sms/", {"phone": PHONE})
    far = client.get("/sandbox/sms/", {"phone": PHONE}, REMOTE_ADDR="203.0.113.9")

    assert near.json() == {"code": code}
    assert far.status_code == 404
    assert client.get("/sandbox/sms/", {"phone": "13700000077"}).status_code == 404


def test_signing_in_costs_few_statements():
    make_member(phone=PHONE, password=PASSWORD)
    client = ApiClient()

    with count_queries(at_most=10):
        assert (
            client.post_json("auth/login/", {"phone": PHONE, "password": PASSWORD}).status_code
            == 200
        )


def test_a_guest_cart_comes_along():
    make_member(phone=PHONE, password=PASSWORD)
    client = ApiClient()
    filled = client.post_json("cart/lines/", {"sku_id": make_stocked_sku().pk, "quantity": 2})
    assert filled.status_code == 201
    body = {"phone": PHONE, "password": PASSWORD, "cart_token": filled.json()["token"]}

    client.token = client.post_json("auth/login/", body).json()["access"]

    lines = client.get_json("cart/").json()["lines"]
    assert [line["quantity"] for line in lines] == [2]


def test_a_cart_that_is_gone_keeps_nobody_outside():
    make_member(phone=PHONE, password=PASSWORD)
    body = {"phone": PHONE, "password": PASSWORD, "cart_token": "no-such-cart"}

    assert ApiClient().post_json("auth/login/", body).status_code == 200
