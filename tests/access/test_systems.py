"""The systems of the manuals: who gets in, who may do what, and what is told to whom it is refused.

Each test is named after the row of a system and walks what its manual tells of access, by the rules
of its file under `systems/`, or of an installed region.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import attrs
import pytest

import socialins as si
from socialins.access import (
    BureauRecord,
    Card,
    CarryOver,
    Certificate,
    ChangeKeyData,
    DropUnverified,
    Give,
    GiveAtCounter,
    HandInPapers,
    LeaveUnit,
    ListOperator,
    Record,
    RecordAccount,
    RecordCertificate,
    RecordRegistration,
    Records,
    Register,
    Representative,
    Revoke,
    Suspend,
    TakeOut,
    explain_refusal,
)
from socialins.faults import Fault
from socialins.identity import CreditCode, IdDocument
from socialins.testing.portal import FirstPassword, PasswordHabits, Portal, ResetWay, Secret

System = Callable[[str], si.Region]
Opened = Callable[..., Any]
Code = Callable[..., CreditCode]
Passport = Callable[[int], IdDocument]
UnitOf = Callable[..., dict[str, Any]]
Moment = Callable[[str], Any]

KEY_ID = "123456789012"
COMPUTER_CODE = "1234567890123"
NOT_RECOGNISED = (
    "系统没有识别到统一社会信用代码:1123100000******** 以及法人信息证件号码:23100419641********"
    "的有效公共服务注册信息,请在公共服务端办理注册后再由经办机构进行授权操作。"
)


# S01: a key and the twelve digits printed on it.


def test_s01_the_id_on_the_key_gets_in_and_no_name_does(hall: Opened) -> None:
    harbin = hall(si.region("harbin"))
    harbin.done(Register, unit="U1", **known_everywhere(login_id=KEY_ID))
    assert harbin.enter("key", operator="zhao", login_id=KEY_ID).account == "0000000001"
    for typed, told in (
        ("中州1号机械公司", "access.login-id-name"),
        ("赵一", "access.login-id-name"),
        ("12345", "access.login-id-shape"),
        ("", "access.login-id-empty"),
        ("999999999999", "access.no-such-user"),
    ):
        fault = harbin.kept_out("key", operator="zhao", login_id=typed)
        assert fault.code == told
        assert typed not in fault.message("en") or not typed
    assert "12" in harbin.kept_out("key", operator="zhao", login_id="12345").message("zh")


@pytest.mark.parametrize(
    ("says", "code", "remedy"),
    [
        ("不存在此用户", "access.no-such-user", "ID"),
        ("登录失败：UNKNOWN", "access.no-such-user", "ID"),
        ("验证CA密钥失败", "access.key-check-failed", "驱动"),
        ("请插入密钥", "access.insert-key", "插好密钥"),
        ("办理业务请插入密钥！", "access.insert-key", "USB"),
        ("密钥驱动已升级,请重新下载安装", "access.driver-upgraded", "受信任的站点"),
        ("【不能打开要写入的文件】", "access.driver-install", "卸载"),
        ("不能输入密码", "access.password-control", "密码控件"),
        ("无法接收业务经办短信提醒", "access.no-sms", "省内"),
        ("Ming-WebReport", "access.print-control", "打印报表控件"),
        ("没有“精拍仪”或“本地图片”按钮", "access.picture-control", "重装"),
        ("加载中...", "access.upload-stuck", "有线网络"),
        ("上传图片后显示红叉“X”", "access.picture-refused", "photo check"),
        ("打印页面没有【打印】按钮", "access.print-button", "缩放"),
    ],
)
def test_s01_each_of_the_halls_prompts_is_told_apart_and_remedied(
    says: str, code: str, remedy: str
) -> None:
    fault = explain_refusal(si.region("harbin").access(), says)
    assert fault.code == code
    assert remedy in fault.remedy("zh")
    assert fault.explanation("en")
    assert fault.remedies("en")


def test_s01_a_forgotten_password_is_reset_by_a_code_to_an_ordinary_number(moment: Moment) -> None:
    habits = PasswordHabits(
        resets={ResetWay.SMS}, writes_to=lambda number: number.startswith("139")
    )
    portal = Portal(si.region("harbin").access(), habits, seed=1)
    portal.open(KEY_ID, phone="13900000000", password=Secret("old-1"))
    portal.open("999999999999", phone="17000000000", password=Secret("old-2"))
    at = moment("2026-11-03 10:00")
    assert code_of(portal.send_code("999999999999", at)) == "access.no-sms"
    assert portal.send_code(KEY_ID, at) is None
    (message,) = portal.messages
    new = Secret("new-1")
    wrong = Secret(message.code.reveal()[::-1] + "0")
    assert code_of(portal.reset_by_code(KEY_ID, wrong, new, at)) == "access.sms-code"
    late = at + timedelta(hours=1)
    assert code_of(portal.reset_by_code(KEY_ID, message.code, new, late)) == "access.sms-code"
    assert portal.reset_by_code(KEY_ID, message.code, new, at) is None
    assert code_of(portal.reset_by_code(KEY_ID, message.code, new, at)) == "access.sms-code"
    assert code_of(portal.log_in(KEY_ID, Secret("old-1"), at)) == "access.wrong-password"
    assert not isinstance(portal.log_in(KEY_ID, new, at), Fault)


# S03: an administrator, operators below, and a tree of modules.


def test_s03_a_module_is_granted_with_its_children_and_a_child_is_taken_out(
    hall: Opened, unit_of: UnitOf
) -> None:
    fuzhou = hall(si.region("fujian"))
    fuzhou.register(role="admin", head="admin", login_id=COMPUTER_CODE)
    fuzhou.done(ListOperator, by="admin", unit="U1", operator="li", name="李二")
    granted = {"operator": "li", "accounts": ["0000000001"]}
    fuzhou.done(Give, by="admin", grant="G1", nodes=["basic-data", "staff.add"], **granted)
    li = fuzhou.enter("password", operator="li", login_id=COMPUTER_CODE)
    assert fuzhou.may(li, "unit.update") == "G1", "a child of what was granted"
    assert fuzhou.may(li, "staff.add") == "G1"
    assert fuzhou.may(li, "staff.stop") == "access.not-granted"
    fuzhou.done(TakeOut, by="admin", grant="G1", nodes=["unit-data"])
    assert fuzhou.may(li, "unit.update") == "access.not-granted"
    assert fuzhou.may(li, "staff.add") == "G1"
    fuzhou.done(Give, by="admin", grant="G2", nodes=["*"], but=["basic-data"], **granted)
    assert fuzhou.may(li, "staff.stop") == "G2"
    assert fuzhou.may(li, "unit.update") == "access.not-granted"
    fuzhou.done(Revoke, by="admin", grant="G2")
    assert fuzhou.may(li, "staff.stop") == "access.not-granted", "at once, within the session"
    fuzhou.done(TakeOut, by="admin", grant="G1", nodes=["*"])
    assert fuzhou.may(li, "staff.add") == "access.nothing-granted-here"
    assert fuzhou.why_not(Give, by="li", grant="G3", **granted) == ["access.not-head"]
    admin = fuzhou.enter("password", operator="admin", login_id=COMPUTER_CODE)
    assert fuzhou.may(admin, "staff.stop") == ""


def test_s03_a_node_that_is_not_there_is_not_granted(hall: Opened) -> None:
    fuzhou = hall(si.region("fujian"))
    fuzhou.register(role="admin", head="admin", login_id=COMPUTER_CODE)
    fuzhou.done(ListOperator, by="admin", unit="U1", operator="li", name="李二")
    granted = {"grant": "G1", "operator": "li", "accounts": ["0000000001"]}
    said = {"by": "admin", **granted}
    assert fuzhou.why_not(Give, nodes=["base-data"], **said) == ["access.no-such-node"]
    outside = {"nodes": ["basic-data"], "but": ["operators"]}
    assert fuzhou.why_not(Give, **outside, **said) == ["access.but-outside"]
    assert fuzhou.why_not(Give, nodes=["system"], but=["system"], **said) == ["access.but-outside"]
    # The region has no grants by anybody but the administrator.
    counter = {"code": fuzhou.desk.state.units["U1"].code, "representative": passport_of(1)}
    at_counter = {**granted, **counter, "name": "李二", "document": passport_of(2)}
    assert fuzhou.why_not(GiveAtCounter, **at_counter) == ["access.granter"]


def test_s03_passwords_tell_capitals_apart_and_go_back_to_the_first(moment: Moment) -> None:
    first = Secret("admin-first")
    habits = PasswordHabits(first=FirstPassword.KNOWN, known=first)
    portal = Portal(si.region("fujian").access(), habits)
    at = moment("2026-11-03 10:00")
    portal.open(COMPUTER_CODE, "admin", question="最喜欢的颜色", answer=Secret("蓝"))
    assert code_of(portal.log_in(COMPUTER_CODE, Secret("ADMIN-first"), at, "admin")) == (
        "access.wrong-password"
    )
    visit = portal.log_in(COMPUTER_CODE, first, at, "admin")
    assert not isinstance(visit, Fault)
    assert code_of(portal.change_password(visit, first, first, at)) == "access.password-same"
    assert portal.change_password(visit, first, Secret("Own-1"), at) is None
    answered = (COMPUTER_CODE, Secret("红"), Secret("Own-2"), at, "admin")
    assert code_of(portal.reset_by_answer(*answered)) == "access.wrong-answer"
    answered = (COMPUTER_CODE, Secret("蓝"), Secret("Own-2"), at, "admin")
    assert portal.reset_by_answer(*answered) is None
    assert not isinstance(portal.log_in(COMPUTER_CODE, Secret("Own-2"), at, "admin"), Fault)
    assert portal.reset_at_bureau(COMPUTER_CODE, at, "admin") is None
    assert not isinstance(portal.log_in(COMPUTER_CODE, first, at, "admin"), Fault)


# S05: an application that waits for the bureau.


def test_s05_without_a_number_the_bureau_is_that_of_the_code_and_the_answer_is_waited_for(
    hall: Opened, system: System, unit_of: UnitOf
) -> None:
    yunnan = hall(system("s05"))
    papers = ["authorisation", "code-certificate"]
    new = unit_of(numbers=[], district="990100", businesses=["staff.add"])
    assert yunnan.why_not(Register, unit="U1", **new) == [
        "access.agreement",
        "access.papers-missing",
    ]
    new |= {"agreed": True, "papers": papers}
    wrong = {**new, "district": "990200", "businesses": ["refund.apply"]}
    assert yunnan.why_not(Register, unit="U1", **wrong) == [
        "access.not-openable",
        "access.district",
    ]
    yunnan.done(Register, unit="U1", **new)
    assert yunnan.kept_out(operator="zhao").code == "access.unit-waiting"
    yunnan.done(RecordRegistration, unit="U1", passed=True, numbers=["0000000001"])
    zhao = yunnan.enter(operator="zhao")
    assert yunnan.may(zhao, "staff.add") == ""
    assert yunnan.may(zhao, "unit.update") == "access.not-opened", "it was not chosen"


def test_s05_a_unit_with_a_number_keeps_to_its_usual_district_and_may_be_rejected(
    hall: Opened, system: System, unit_of: UnitOf
) -> None:
    yunnan = hall(system("s05"))
    papers = ["authorisation", "code-certificate"]
    old = unit_of(district="990300", agreed=True, papers=papers)
    yunnan.done(Register, unit="U1", **old)
    said = {"unit": "U1", "passed": False, "reason": "授权书未盖章"}
    yunnan.done(RecordRegistration, **said)
    fault = yunnan.kept_out(operator="zhao")
    assert fault.code == "access.no-such-user", "what was rejected lets nobody in"
    assert yunnan.why_not(RecordRegistration, **said) == ["access.not-waiting"]
    # What was rejected keeps nothing for itself.
    yunnan.done(Register, unit="U2", **old)
    assert yunnan.desk.rules.terms.result_to.zh == "以短信告知专管员"


# S06: the last six digits, and several units on one machine.


def test_s06_the_first_password_is_the_end_of_the_unit_number_and_has_to_be_changed(
    system: System, moment: Moment
) -> None:
    habits = PasswordHabits(
        first=FirstPassword.LAST_SIX, must_change=True, resets={ResetWay.BUREAU}
    )
    portal = Portal(system("s06").access(), habits)
    at = moment("2026-11-03 10:00")
    portal.open("91990100MA0000001G", units=["0012345678", "0087654321"])
    visit = portal.log_in("91990100MA0000001G", Secret("345678"), at)
    assert not isinstance(visit, Fault)
    assert visit.must_change
    assert visit.units == ("0012345678", "0087654321")
    assert code_of(portal.act(visit, at)) == "access.must-change-password"
    assert portal.change_password(visit, Secret("345678"), Secret("own"), at) is None
    assert portal.act(visit, at) is None
    answered = ("91990100MA0000001G", Secret("x"), Secret("y"), at)
    assert code_of(portal.reset_by_answer(*answered)) == "access.no-reset"
    assert portal.reset_at_bureau("91990100MA0000001G", at) is None
    visit = portal.log_in("91990100MA0000001G", Secret("345678"), at)
    assert not isinstance(visit, Fault)
    assert visit.must_change


def test_s06_of_several_units_one_is_chosen_at_entry(hall: Opened, system: System) -> None:
    client = hall(system("s06"))
    client.register(login_id="91990100MA0000001G")
    client.register("U2", number=2, login_id="91990100MA0000002E")
    nothing = client.kept_out("password", operator="zhao")
    assert nothing.code == "access.login-id-empty"
    assert "缴费人识别号" in nothing.message("zh")
    second = client.enter("password", operator="zhao", login_id="91990100MA0000002E")
    assert second.account == "0000000002"


# S17: one unit number, one code, one certificate.


def test_s17_a_bracket_of_the_other_width_keeps_a_unit_out_and_is_pointed_at(
    hall: Opened, system: System, unit_of: UnitOf
) -> None:
    portal = hall(system("s17"))
    unit = unit_of(name="中州（集团）公司")
    kept = BureauRecord(code=unit["code"], name="中州(集团)公司")
    (fault,) = portal.refused(Register, unit="U1", **unit, records=pension(kept))
    assert fault.code == "access.name-differs"
    assert "第 3 个字符是 （ U+FF08" in fault.message("zh")
    assert "( U+0028" in fault.message("zh")
    right = BureauRecord(code=unit["code"], name="中州（集团）公司")
    portal.done(Register, unit="U1", **unit, records=pension(right))
    zhao = portal.enter("key", operator="zhao")
    # The bureau's own name is put into half width: nobody gets in until all three agree.
    portal.done(RecordAccount, unit="U1", number="0000000001", record=kept)
    assert portal.may(zhao, "staff.add") == "access.name-differs"
    assert portal.kept_out("key", operator="zhao").code == "access.name-differs"
    portal.done(RecordAccount, unit="U1", number="0000000001", record=right)
    held = Certificate(id="C1", code=unit["code"], name="中州(集团)公司")
    portal.done(RecordCertificate, unit="U1", certificate=held)
    fault = portal.kept_out("key", operator="zhao")
    assert fault.code == "access.name-differs"
    assert "数字证书" in fault.message("zh")


def test_s17_a_further_unit_number_takes_a_virtual_code_and_a_certificate_of_its_own(
    hall: Opened, system: System, unit_of: UnitOf, code: Code
) -> None:
    portal = hall(system("s17"))

    def registered(number: int, own: CreditCode, certificate: str, **said: Any) -> dict[str, Any]:
        name = "中州机械公司"
        kept = BureauRecord(code=own, name=name)
        held = Certificate(id=certificate, code=own, name=name)
        one = {"code": own, "name": name, "certificate": held, "records": pension(kept)}
        return unit_of(number, **one, **said)

    portal.done(Register, unit="U1", **registered(1, code(1), "C1"))
    again = registered(2, code(1), "C1")
    assert portal.why_not(Register, unit="U2", **again) == [
        "access.code-taken",
        "access.certificate-taken",
    ]
    assert "虚拟" in portal.refused(Register, unit="U2", **again)[0].remedy("zh")
    portal.done(Register, unit="U2", **registered(2, code(7), "C2", virtual=True))
    both = registered(3, code(3), "C3") | {"numbers": ["0000000003", "0000000004"]}
    assert portal.why_not(Register, unit="U3", **both) == ["access.one-number-each"]
    more = {"unit": "U1", "number": "0000000009"}
    assert portal.why_not(RecordAccount, **more) == ["access.one-number-each"]
    zhao = portal.enter("key", operator="zhao", account="0000000002")
    assert zhao.account == "0000000002"
    assert portal.kept_out("key", operator="zhao").code == "access.choose-account"


def test_s17_without_a_certificate_there_is_one_business_and_it_is_always_open(
    hall: Opened, system: System, unit_of: UnitOf
) -> None:
    region = system("s17")
    portal = hall(region, "2026-11-29 23:30")
    unit = unit_of()
    kept = BureauRecord(code=unit["code"], name=unit["name"])
    portal.done(Register, unit="U1", **unit, records=pension(kept))
    free = portal.enter("certificate-free", operator="zhao", business="s17.benefit-check")
    assert portal.may(free, "s17.benefit-check") == ""
    assert portal.may(free, "staff.add") == "access.login-for-business"
    fault = portal.kept_out("certificate-free", operator="zhao", business="staff.add")
    assert fault.code == "access.login-for-business"
    assert "密钥（数字证书）" in fault.remedy("zh")
    assert region.window("s17.benefit-check", "2026-11").contains(portal.now)


@pytest.mark.parametrize(
    ("says", "code"),
    [
        ("根据统一信用代码未查询到单位信息", "access.code-unknown"),
        ("根据统一信用代码查询到与录入单位名称信息不符。", "access.code-name-differs"),
        ("请注册管理员账号", "access.admin-needed"),
        ("数字证书密码校验失败?", "access.certificate-password"),
        ("证书登录不上", "access.certificate-password"),
        ("电子签章不显示", "access.certificate-password"),
        ("网上服务平台的单位办事通道点开后是空白", "access.entrance-blank"),
        ("注册时，手机收不到验证码", "access.no-sms"),
        ("将名称修改正确后无法再登录网上服务平台", "access.corrected-since"),
    ],
)
def test_s17_each_of_the_platforms_prompts_is_explained(
    says: str, code: str, system: System
) -> None:
    fault = explain_refusal(system("s17").access(), says)
    assert fault.code == code
    assert all(fault.explanation(lang) and fault.remedies(lang) for lang in ("zh", "en"))


# S29: one phone, one mail address, seven days, and hours.


def test_s29_what_is_not_verified_in_seven_days_is_dropped(
    hall: Opened, system: System, unit_of: UnitOf
) -> None:
    cards = hall(system("s29"), "2026-11-03 10:00")
    contact = {"phone": "13900000000", "mail": "a@example.org"}
    assert cards.why_not(Register, unit="U1", **unit_of()) == [
        "access.contact-missing",
        "access.nature-missing",
    ]
    cards.done(Register, unit="U1", **unit_of(nature="enterprise", **contact))
    same = unit_of(2, nature="organ", phone="13900000000", mail="b@example.org")
    assert cards.why_not(Register, unit="U2", **same) == ["access.contact-taken"]
    cards.done(HandInPapers, unit="U1", papers=["organisation-code", "business-licence"])
    assert cards.kept_out(operator="zhao").code == "access.unit-unverified"
    assert not cards.at("2026-11-10 09:59")(DropUnverified).events
    cards.at("2026-11-10 10:00")
    late = {"unit": "U1", "papers": ["tax-registration"]}
    assert cards.why_not(HandInPapers, **late) == ["access.unit-dropped"]
    assert cards.kept_out(operator="zhao").code == "access.unit-dropped"
    cards.done(DropUnverified)
    cards.done(Register, unit="U2", **same)


def test_s29_the_papers_of_its_nature_bring_a_unit_before_the_bureau(
    hall: Opened, system: System, unit_of: UnitOf
) -> None:
    cards = hall(system("s29"), "2026-11-03 10:00")
    wanted = {
        "organ": ["organisation-code"],
        "institution": ["organisation-code", "institution-licence"],
        "enterprise": ["organisation-code", "business-licence", "tax-registration"],
    }
    for number, (nature, papers) in enumerate(wanted.items(), start=1):
        contact = {"phone": f"1390000000{number}", "mail": f"{number}@example.org"}
        unit = f"U{number}"
        cards.done(Register, unit=unit, **unit_of(number, nature=nature, **contact))
        for count, paper in enumerate(papers, start=1):
            state = cards.done(HandInPapers, unit=unit, papers=[paper]).events[0].state
            assert (state.value == "waiting") is (count == len(papers))
        cards.done(RecordRegistration, unit=unit, passed=True)
    assert cards.enter(operator="zhao", account="0000000002")


def test_s29_it_works_from_eight_to_seven_and_logs_out_who_is_idle(
    hall: Opened, system: System, moment: Moment, unit_of: UnitOf
) -> None:
    cards = hall(system("s29"), "2026-11-03 10:00")
    contact = {"phone": "13900000000", "mail": "a@example.org"}
    cards.done(Register, unit="U1", **unit_of(nature="organ", **contact))
    cards.done(HandInPapers, unit="U1", papers=["organisation-code"])
    cards.done(RecordRegistration, unit="U1", passed=True)
    zhao = cards.enter(operator="zhao")
    for at, told in (("2026-11-03 18:59", ""), ("2026-11-03 19:00", "access.closed")):
        assert cards.at(at).may(zhao, "staff.add") == told
    assert cards.at("2026-11-04 07:59").kept_out(operator="zhao").code == "access.closed"
    assert cards.at("2026-11-04 08:00").enter(operator="zhao")

    portal = Portal(cards.desk.rules, PasswordHabits(idle=timedelta(minutes=15)))
    portal.open("0000000001", password=Secret("own"))
    visit = portal.log_in("0000000001", Secret("own"), moment("2026-11-03 18:30"))
    assert not isinstance(visit, Fault)
    assert portal.act(visit, moment("2026-11-03 18:44")) is None
    assert portal.act(visit, moment("2026-11-03 18:58")) is None, "each act counts anew"
    assert code_of(portal.act(visit, moment("2026-11-03 19:00"))) == "access.closed"
    visit = portal.log_in("0000000001", Secret("own"), moment("2026-11-04 08:00"))
    assert not isinstance(visit, Fault)
    assert code_of(portal.act(visit, moment("2026-11-04 08:15"))) == "access.idle"
    assert code_of(portal.act(visit, moment("2026-11-04 08:16"))) == "access.logged-out"


# S31: certificate users and ordinary users.


def test_s31_an_ordinary_user_begins_with_the_unit_number_and_is_locked_out_by_slips(
    system: System, moment: Moment
) -> None:
    habits = PasswordHabits(first=FirstPassword.UNIT_NUMBER, slips=3, resets={ResetWay.BUREAU})
    portal = Portal(system("s31").access(), habits)
    portal.open("0012345678", units=["0012345678"])
    at = moment("2026-11-03 10:00")
    visit = portal.log_in("0012345678", Secret("0012345678"), at)
    assert not isinstance(visit, Fault)
    told = [code_of(portal.log_in("0012345678", Secret("no"), at)) for _ in range(3)]
    assert told == ["access.wrong-password", "access.wrong-password", "access.locked"]
    assert code_of(portal.log_in("0012345678", Secret("0012345678"), at)) == "access.locked"
    assert portal.reset_at_bureau("0012345678", at) is None
    assert not isinstance(portal.log_in("0012345678", Secret("0012345678"), at), Fault)


def test_s31_key_and_password_both_get_in(hall: Opened, system: System) -> None:
    bases = hall(system("s31"))
    bases.register(login_id="0000000001")
    assert bases.enter("key", operator="zhao")
    assert bases.enter("password", operator="zhao", login_id="0000000001")
    fault = bases.kept_out("scan", operator="zhao")
    assert fault.code == "access.login-method"
    assert "密钥" in fault.remedy("zh")
    assert "账号密码" in fault.remedy("zh")


# S35: PIN and check code.


def test_s35_the_pin_and_a_check_code_get_in_and_nothing_else_does(
    hall: Opened, system: System, moment: Moment, code: Code
) -> None:
    tax = hall(system("s35"))
    held = Certificate(id="C1", code=code(1), name="中州1号机械公司", until=date(2026, 11, 30))
    tax.register(certificate=held)
    assert tax.kept_out("password", operator="zhao").code == "access.login-method"
    zhao = tax.enter("pin-and-code", operator="zhao")
    assert tax.at("2026-11-30 23:00").may(zhao, "collection.declare") == ""
    assert tax.at("2026-12-01 00:00").may(zhao, "collection.declare") == (
        "access.certificate-expired"
    )

    portal = Portal(tax.desk.rules, PasswordHabits(check_code=True), seed=3)
    portal.open("C1", password=Secret("123456"))
    at = moment("2026-11-03 10:00")
    shown = portal.picture()
    wrong = portal.log_in("C1", Secret("123456"), at, check_code=shown + "0")
    assert code_of(wrong) == "access.check-code"
    stale = portal.log_in("C1", Secret("123456"), at, check_code=shown)
    assert code_of(stale) == "access.check-code", "each login takes another"
    visit = portal.log_in("C1", Secret("123456"), at, check_code=portal.picture())
    assert not isinstance(visit, Fault)


# S36: legal representative, clerks, grants per unit number.


def test_s36_a_registration_is_held_against_three_registers_and_each_step_of_advice_is_told(
    hall: Opened, unit_of: UnitOf, passport: Passport, code: Code
) -> None:
    platform = hall(si.region("heilongjiang"))
    unit = unit_of()
    right = kept_as(unit)

    def told(**records: Record) -> list[Fault]:
        return platform.refused(Register, unit="U1", **unit, records=Records(**records))

    nobody = Record.absent()
    (fault,) = told(business=nobody, pension=nobody, government=nobody)
    assert fault.code == "access.records-absent"
    assert "同步" in fault.remedy("zh")
    # A register that was not asked is no register without the unit.
    (fault,) = told(business=nobody, pension=nobody)
    assert fault.code == "access.record-unknown"
    assert fault.words("zh")["bodies"] == "机关事业参保"
    (fault,) = platform.refused(Register, unit="U1", **unit)
    assert fault.code == "access.record-unknown"
    stated = {
        "access.representative-name": kept_as(unit, who=Representative("赵二", passport(1))),
        "access.representative-document": kept_as(unit, who=Representative("赵一", passport(9))),
        "access.name-differs": kept_as(unit, name="中州一号机械公司"),
        "access.code-differs": kept_as(unit, code=code(5)),
    }
    for wanted, entry in stated.items():
        (fault,) = told(business=nobody, pension=Record(entry), government=nobody)
        assert fault.code == wanted
        assert passport(9).number not in fault.message("zh") + repr(fault)
    both = {"pension": Record(stated["access.name-differs"]), "government": Record(right)}
    platform.done(Register, unit="U1", **unit, records=Records(**both))
    again = unit_of(numbers=["0000000002"])
    assert platform.why_not(Register, unit="U2", **again, records=Records(**both)) == [
        "access.already-registered"
    ]


def test_s36_clerks_are_granted_unit_numbers_and_choose_the_unit(
    hall: Opened, passport: Passport
) -> None:
    platform = hall(si.region("heilongjiang"))
    platform.done(Register, unit="U1", **known_everywhere(numbers=["11", "12"]))
    platform.done(Register, unit="U2", **known_everywhere(2, numbers=["21"]))
    zhao = {"card": Card("赵一", passport(1)), "role": "legal"}
    qian = Card("钱二", passport(2))
    assert platform.kept_out(**zhao).code == "access.choose-account"
    assert platform.may(platform.enter(**zhao, account="12"), "staff.add") == ""
    assert platform.kept_out(card=qian).code == "access.no-clerk-account"
    assert platform.kept_out(card=qian, role="legal").code == "access.no-legal-account"

    platform.done(ListOperator, unit="U1", operator="qian", name="钱二", document=passport(2))
    assert platform.kept_out(card=qian).code == "access.nothing-granted"
    platform.done(Give, grant="G1", operator="qian", accounts=["11"])
    only = platform.enter(card=qian)
    assert only.account == "11", "one account need not be chosen"
    assert platform.may(only, "staff.add") == "G1"
    assert platform.kept_out(card=qian, account="12").code == "access.account-not-granted"

    platform.done(ListOperator, unit="U2", operator="qian", name="钱二", document=passport(2))
    across = {"operator": "qian", "accounts": ["12", "21"]}
    assert platform.why_not(Give, by="qian", grant="G2", **across) == ["access.not-head"]
    platform.done(Give, grant="G2", first=date(2026, 11, 4), last=date(2026, 11, 30), **across)
    assert platform.enter(card=qian).account == "11", "a day before the others"
    platform.at("2026-11-04 00:00")
    fault = platform.kept_out(card=qian)
    assert fault.code == "access.choose-account"
    assert "21" in fault.remedy("zh")
    second = platform.enter(card=qian, account="21")
    assert platform.at("2026-11-30 23:59").may(second, "staff.add") == "G2"
    assert platform.at("2026-12-01 00:00").may(second, "staff.add") == "access.not-on-this-day"


def test_s36_a_clerk_who_was_listed_wrongly_cannot_log_in_and_is_told_in_what(
    hall: Opened, passport: Passport
) -> None:
    platform = hall(si.region("heilongjiang"))
    platform.done(Register, unit="U1", **known_everywhere())
    listed = {"unit": "U1", "operator": "qian"}
    platform.done(ListOperator, **listed, name="钱二", document=passport(3))
    platform.done(Give, grant="G1", operator="qian", accounts=["0000000001"])
    qian = Card("钱二", passport(2))
    fault = platform.kept_out(card=qian)
    assert fault.code == "access.listed-document"
    assert passport(2).number not in fault.message("zh") + repr(fault)
    platform.done(ListOperator, **listed, name="钱儿", document=passport(2))
    fault = platform.kept_out(card=qian)
    assert fault.code == "access.listed-name"
    assert "钱儿" in fault.message("zh")
    platform.done(ListOperator, **listed, name="钱二", document=passport(2))
    session = platform.enter(card=qian)
    assert platform.may(session, "staff.add") == "G1"
    platform.at("2026-11-03 11:00").done(Suspend, unit="U1", operator="qian")
    assert platform.may(session, "staff.add") == "access.suspended"
    assert platform.kept_out(card=qian).code == "access.suspended"
    platform.done(LeaveUnit, unit="U1", operator="qian")
    assert platform.may(session, "staff.add") == "access.no-such-operator"
    assert platform.kept_out(card=qian).code == "access.no-clerk-account"
    # Whoever comes back has nothing of what was granted before.
    platform.done(ListOperator, **listed, name="钱二", document=passport(2))
    assert platform.kept_out(card=qian).code == "access.nothing-granted"
    fresh = attrs.evolve(session, since=platform.now)
    assert platform.may(fresh, "staff.add") == "access.nothing-granted-here"


def test_s36_the_counter_grants_for_a_unit_that_is_registered_as_it_is_insured(
    hall: Opened, passport: Passport, code: Code
) -> None:
    platform = hall(si.region("heilongjiang"))
    platform.done(Register, unit="U1", **known_everywhere())
    clerk = {"operator": "sun", "name": "孙三", "document": passport(3)}
    said = {"grant": "G1", "accounts": ["0000000001"], **clerk}
    for stated in (
        {"code": code(2), "representative": passport(1)},
        {"code": code(1), "representative": passport(9)},
    ):
        (fault,) = platform.refused(GiveAtCounter, by="窗口", **said, **stated)
        assert fault.code == "access.not-registered-for-grant"
        assert stated["representative"].number not in fault.message("zh")
        assert "单位关键信息维护" in fault.remedy("zh")
        assert "重新注册" in fault.remedy("zh")
    right = {"code": code(1), "representative": passport(1)}
    platform.done(GiveAtCounter, by="窗口", **said, **right)
    sun = platform.enter(card=Card("孙三", passport(3)))
    assert platform.may(sun, "staff.add") == "G1"
    platform.done(Revoke, by="窗口", grant="G1", at_counter=True)
    assert platform.may(sun, "staff.add") == "access.nothing-granted-here"


def test_s36_a_new_code_and_representative_reach_every_unit_number(
    hall: Opened, passport: Passport, code: Code
) -> None:
    platform = hall(si.region("heilongjiang"))
    platform.done(Register, unit="U1", **known_everywhere(numbers=["11", "12"]))
    zhao = Card("赵一", passport(1))
    before = platform.enter(card=zhao, role="legal", account="11")
    platform.at("2026-11-05 09:00")
    new = {"unit": "U1", "number": "11", "code": code(9)}
    someone = Representative("周五", passport(5))
    (fault,) = platform.refused(ChangeKeyData, **new, representative=someone)
    assert fault.code == "access.new-head"
    found = platform.done(ChangeKeyData, **new, representative=someone, head="zhou")
    assert [fault.code for fault in found.faults] == ["access.carry-over"]
    assert platform.desk.state.units["U1"].uncarried == ("12",)
    # The former representative has nothing any more, whatever the session was.
    assert platform.may(before, "staff.add") == "access.no-such-operator"
    assert platform.kept_out(card=zhao, role="legal").code == "access.no-legal-account"
    zhou = {"card": Card("周五", passport(5)), "role": "legal"}
    assert platform.may(platform.enter(**zhou, account="11"), "staff.add") == ""
    assert platform.kept_out(**zhou, account="12").code == "access.not-carried"
    platform.done(CarryOver, unit="U1", number="12")
    assert not platform.desk.state.units["U1"].uncarried
    assert platform.may(platform.enter(**zhou, account="12"), "staff.add") == ""


@pytest.mark.parametrize(
    ("says", "code", "remedies"),
    [
        ("企业信息在组织机构相关信息库验证失败,无法注册!", "access.registration-refused", 5),
        (
            "根据统一社会信用代码发现,当前法人账号已经存在,可以直接扫码登录!",
            "access.account-exists",
            2,
        ),
        ("账号不能为空!", "access.login-id-blank", 1),
        ("密码不能为空!", "access.password-blank", 1),
        ("用户名或密码错误!", "access.wrong-password", 2),
        ("未查询到登录人信息,请注册!", "access.not-registered", 2),
        ("未找到当前法人账号信息,请先注册法人账号!", "access.no-legal-account", 2),
        (
            "未找到当前办事员账号信息,请联系法人授权或者去窗口授权!",
            "access.no-clerk-account",
            2,
        ),
        (
            NOT_RECOGNISED,
            "access.not-registered-in-service",
            2,
        ),
    ],
)
def test_s36_each_of_the_platforms_prompts_is_explained_with_its_remedies(
    says: str, code: str, remedies: int
) -> None:
    # The city's units use the province's platform too.
    for slug in ("heilongjiang", "harbin"):
        fault = explain_refusal(si.region(slug).access(), says)
        assert fault.code == code
        assert len(fault.remedies("zh")) == len(fault.remedies("en")) == remedies


def code_of(answer: object) -> str:
    """The code of a refusal; empty where there is none."""
    return answer.code if isinstance(answer, Fault) else ""


def passport_of(number: int) -> IdDocument:
    return IdDocument("passport", f"E{number:08d}")


def pension(entry: BureauRecord) -> Records:
    return Records(pension=Record(entry))


def kept_as(
    unit: dict[str, Any],
    code: CreditCode | None = None,
    name: str | None = None,
    who: Representative | None = None,
) -> BureauRecord:
    """How a register keeps a unit, which may be otherwise than it registers."""
    return BureauRecord(
        code=code or unit["code"],
        name=name or unit["name"],
        representative=who or unit["representative"],
    )


def known_everywhere(number: int = 1, **said: Any) -> dict[str, Any]:
    """A unit that the pension record has as it registers."""
    from stdnum.cn import uscc

    body = f"91990100MA{number:07d}"
    unit = {
        "code": CreditCode(body + uscc.calc_check_digit(body + "0")),
        "name": f"中州{number}号机械公司",
        "representative": Representative("赵一", passport_of(1)),
        "head": "zhao",
        "numbers": [f"{number:010d}"],
        **said,
    }
    return {**unit, "records": pension(kept_as(unit))}
