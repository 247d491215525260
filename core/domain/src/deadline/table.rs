//! Every row of the handbook's table of statutory periods, and the service targets that a county may set.

use super::{Conf, Count, Rule, Said, Standing};
use crate::access::Role;
use crate::calendar::Period;

use Conf::{County, Read, Recalled};
use Count::{After, Before, Keep};
use Role::{AidOfficer, Clerk, CountyAdmin, Lawyer, Mediator, PlatformAdmin};

const fn d(n: u16) -> Period {
    Period::days(n)
}
const fn w(n: u16) -> Period {
    Period::working_days(n)
}
const fn h(n: u16) -> Period {
    Period::hours(n)
}
const fn m(n: u16) -> Period {
    Period::months(n)
}
/// No rule of rolling was found for petitions (信访工作条例): their last day stays where it falls.
const fn still(n: u16) -> Period {
    Period::days(n).unrolled()
}

/// A row's usual parts, so that each line below says only what is its own.
const fn row(
    row: u8,
    code: &'static str,
    (event, act): (Said, Said),
    count: Count,
    internal: Option<Period>,
    source: Said,
    next: Role,
) -> Rule {
    Rule {
        code,
        row,
        event,
        act,
        count,
        internal,
        extension: None,
        source,
        conf: Read,
        standing: Standing::InForce,
        next,
        above: Some(CountyAdmin),
        lapses: false,
    }
}

const fn extendable(rule: Rule, by: Period) -> Rule {
    Rule { extension: Some(by), ..rule }
}
const fn sure(rule: Rule, conf: Conf) -> Rule {
    Rule { conf, ..rule }
}
const fn heard_by(rule: Rule, above: Option<Role>) -> Rule {
    Rule { above, ..rule }
}
const fn right(rule: Rule) -> Rule {
    Rule { above: None, lapses: true, ..rule }
}
const fn superseded(rule: Rule) -> Rule {
    Rule { standing: Standing::Superseded, ..rule }
}
const fn s(zh: &'static str, en: &'static str) -> Said {
    Said { zh, en }
}

/// The table, one line a row. A code that is not here must bring its own period and source.
#[rustfmt::skip]
pub const TABLE: &[Rule] = &[
    row(1, "aid.decision", (s("收到法律援助申请", "legal-aid application received"), s("作出是否给予法律援助的决定", "decide on the application")), After(d(7)), Some(d(5)), s("法律援助法第四十三条", "Legal Aid Law, art. 43"), AidOfficer),
    row(2, "aid.assignment", (s("作出给予法律援助的决定", "legal aid granted"), s("指派法律援助人员", "assign a legal-aid person")), After(d(3)), Some(d(2)), s("法律援助法第四十三条", "Legal Aid Law, art. 43"), AidOfficer),
    sure(row(3, "aid.supplement", (s("一次性告知补正材料", "told once which papers are missing"), s("补齐材料，逾期视为撤回", "missing papers handed in, else withdrawn")), After(d(10)), Some(d(7)), s("法律援助法第四十三条（期限由法律援助机构确定）", "Legal Aid Law, art. 43 (length set by the agency)"), AidOfficer), County),
    row(4, "aid.notify", (s("办案机关发现应当通知辩护的情形", "authority finds that a defender is mandatory"), s("通知法律援助机构", "notify the legal-aid centre")), After(d(3)), None, s("法律援助法第三十六条", "Legal Aid Law, art. 36"), AidOfficer),
    row(5, "aid.reply", (s("收到办案机关通知", "authority's notice received"), s("指派律师并函告办案机关", "assign a lawyer and reply to the authority")), After(d(3)), Some(d(2)), s("法律援助法第三十六条", "Legal Aid Law, art. 36"), AidOfficer),
    row(6, "aid.forward", (s("在押人员提出或值班律师转交申请", "application of a detained person"), s("转交法律援助机构", "forward it to the legal-aid centre")), After(h(24)), Some(h(12)), s("法律援助法第三十九条", "Legal Aid Law, art. 39"), AidOfficer),
    row(7, "aid.objection", (s("司法行政部门收到异议", "objection received by the justice bureau"), s("审查异议并作出决定", "decide on the objection")), After(d(5)), Some(d(4)), s("法律援助法第四十九条", "Legal Aid Law, art. 49"), CountyAdmin),
    row(8, "aid.urgent", (s("时效或者期间届满", "limitation or period ends"), s("不足七日的，可以先行提供法律援助", "less than seven days left: aid may begin at once")), Before(d(7)), None, s("法律援助法第四十四条", "Legal Aid Law, art. 44"), AidOfficer),
    sure(row(9, "aid.report", (s("案件办结", "case ended"), s("提交结案报告和材料", "hand in the closing report and papers")), After(d(30)), Some(d(20)), s("法律援助法第五十条（及时）；办理法律援助案件程序规定", "Legal Aid Law, art. 50 (promptly); Procedure Rules"), Lawyer), Recalled),
    row(10, "aid.trial_notice", (s("开庭（不含简易、速裁程序）", "hearing (not summary or fast-track)"), s("人民法院送达法律援助通知书", "court delivers the aid notice")), Before(d(15)), None, s("刑诉法解释第四十九条", "SPC Interpretation on Criminal Procedure, art. 49"), AidOfficer),
    right(row(11, "aid.own_choice", (s("应当指定辩护的被告人拒绝辩护", "accused with mandatory defence rejects the lawyer"), s("另行委托辩护人", "choose another defender")), After(d(5)), None, s("刑诉法解释第五十条", "SPC Interpretation on Criminal Procedure, art. 50"), AidOfficer)),
    row(11, "aid.renotify", (s("被告人未另行委托辩护人", "no other defender was chosen"), s("人民法院再次通知法律援助机构", "court notifies the centre again")), After(d(3)), None, s("刑诉法解释第五十条", "SPC Interpretation on Criminal Procedure, art. 50"), AidOfficer),
    row(12, "aid.defence_papers", (s("接受指派", "assignment accepted"), s("向人民法院提交辩护手续", "hand the defence papers to the court")), After(d(3)), Some(d(2)), s("刑诉法解释第五十二条", "SPC Interpretation on Criminal Procedure, art. 52"), Lawyer),
    row(13, "aid.meeting", (s("辩护律师要求会见", "defender asks for a meeting"), s("看守所安排会见", "detention centre arranges it")), After(h(48)), Some(h(24)), s("刑事诉讼法第三十九条", "Criminal Procedure Law, art. 39"), Lawyer),
    right(row(14, "mediation.confirmation", (s("调解协议生效", "mediation agreement takes effect"), s("共同申请司法确认", "apply jointly for judicial confirmation")), After(d(30)), Some(d(20)), s("人民调解法第三十三条、民事诉讼法第二百零五条", "People's Mediation Law, art. 33; Civil Procedure Law, art. 205"), Mediator)),
    // The court's own: somebody asks there, and nobody above is told that the house is late.
    heard_by(extendable(row(15, "court.special", (s("人民法院立案", "filed with the court"), s("审结特别程序案件", "conclude the special procedure")), After(d(30)), None, s("民事诉讼法第一百八十七条", "Civil Procedure Law, art. 187"), Clerk), d(30)), None),
    superseded(row(16, "court.confirmation_acceptance", (s("收到司法确认申请", "confirmation applied for"), s("决定是否受理", "decide on acceptance")), After(d(3)), None, s("法释〔2011〕5号", "SPC Interpretation [2011] No. 5"), Clerk)),
    superseded(extendable(row(16, "court.confirmation_decision", (s("受理司法确认申请", "confirmation accepted"), s("作出是否确认的决定", "decide on confirmation")), After(d(15)), None, s("法释〔2011〕5号", "SPC Interpretation [2011] No. 5"), Clerk), d(10))),
    right(row(17, "court.objection_party", (s("收到确认裁定", "confirmation ruling received"), s("当事人提出异议", "party objects")), After(d(15)), Some(d(10)), s("民诉法解释第三百七十二条", "SPC Interpretation on Civil Procedure, art. 372"), Mediator)),
    right(row(17, "court.objection_third", (s("利害关系人知道权益受侵害", "third party learns of the harm"), s("利害关系人提出异议", "third party objects")), After(m(6)), Some(m(5)), s("民诉法解释第三百七十二条", "SPC Interpretation on Civil Procedure, art. 372"), Mediator)),
    right(row(18, "enforcement.application", (s("履行期限届满", "time for performance ends"), s("申请强制执行", "apply for enforcement")), After(m(24)), Some(m(22)), s("民事诉讼法第二百五十条", "Civil Procedure Law, art. 250"), Mediator)),
    extendable(row(19, "mediation.delegated", (s("调解组织签收委派材料", "pre-filing referral signed for"), s("完成委派调解", "conclude the delegated mediation")), After(d(30)), Some(d(25)), s("人民法院特邀调解规定第二十七条", "SPC Rules on Invited Mediation, art. 27"), Mediator), d(30)),
    extendable(row(19, "mediation.entrusted", (s("调解组织签收委托材料（普通程序）", "entrusted case signed for (ordinary procedure)"), s("完成委托调解", "conclude the entrusted mediation")), After(d(15)), Some(d(12)), s("人民法院特邀调解规定第二十七条", "SPC Rules on Invited Mediation, art. 27"), Mediator), d(15)),
    extendable(row(19, "mediation.entrusted_summary", (s("调解组织签收委托材料（简易程序）", "entrusted case signed for (summary procedure)"), s("完成委托调解", "conclude the entrusted mediation")), After(d(7)), Some(d(5)), s("人民法院特邀调解规定第二十七条", "SPC Rules on Invited Mediation, art. 27"), Mediator), d(7)),
    row(20, "mediation.acceptance", (s("调解组织收到案件", "case reaches the mediation organisation"), s("接受并征询对方当事人意见", "accept it and ask the other party")), After(w(3)), Some(w(2)), s("人民法院在线调解规则第十二条、第十五条；其他来源的纠纷参照", "SPC Rules on Online Mediation, arts. 12, 15; followed for other disputes"), Mediator),
    extendable(row(20, "mediation.online", (s("双方同意在线调解", "both agree to online mediation"), s("完成诉前在线调解", "conclude the online mediation")), After(d(30)), Some(d(25)), s("人民法院在线调解规则第二十四条", "SPC Rules on Online Mediation, art. 24"), Mediator), d(30)),
    sure(row(21, "mediation.conclusion", (s("受理纠纷", "dispute accepted"), s("调解终结", "conclude the mediation")), After(d(30)), Some(d(25)), s("人民调解法未规定期限；参照人民调解工作若干规定（约一个月）", "no limit in the People's Mediation Law; MoJ rules of 2002: about a month"), Mediator), County),
    // The day is the one that each term of the agreement names; the parties owe it, and the mediator sees to it.
    heard_by(row(0, "mediation.performance", (s("调解协议生效", "mediation agreement takes effect"), s("督促当事人履行协议", "see that the agreement is performed")), After(still(0)), None, s("人民调解法第三十一条（到协议约定的日期）", "People's Mediation Law, art. 31 (on the day that the agreement names)"), Mediator), None),
    row(22, "petition.transfer", (s("信访事项登记", "petition registered"), s("转送、交办信访事项", "transfer the petition")), After(still(15)), Some(d(10)), s("信访工作条例第二十二条", "Regulations on Petitions, art. 22"), Clerk),
    row(22, "petition.notice", (s("信访事项登记", "petition registered"), s("书面告知信访人", "tell the petitioner in writing")), After(still(15)), Some(d(10)), s("信访工作条例第二十三条", "Regulations on Petitions, art. 23"), Clerk),
    row(23, "petition.wrong_unit", (s("收到转送的信访事项", "transferred petition received"), s("不属本单位职责的提出异议", "object as the wrong unit")), After(w(5)), Some(w(3)), s("信访工作条例第二十三条", "Regulations on Petitions, art. 23"), Clerk),
    extendable(row(24, "petition.handling", (s("受理信访事项", "petition accepted"), s("办结信访事项", "conclude the petition")), After(still(60)), Some(d(45)), s("信访工作条例第三十四条", "Regulations on Petitions, art. 34"), Clerk), still(30)),
    right(row(25, "petition.review_request", (s("收到处理意见", "decision received"), s("请求复查", "ask for a review")), After(still(30)), None, s("信访工作条例第三十五条", "Regulations on Petitions, art. 35"), Clerk)),
    row(25, "petition.review", (s("收到复查请求", "review asked for"), s("作出复查意见", "answer the review")), After(still(30)), Some(d(25)), s("信访工作条例第三十五条", "Regulations on Petitions, art. 35"), Clerk),
    right(row(25, "petition.recheck_request", (s("收到复查意见", "review received"), s("请求复核", "ask for a second review")), After(still(30)), None, s("信访工作条例第三十六条", "Regulations on Petitions, art. 36"), Clerk)),
    row(25, "petition.recheck", (s("收到复核请求（听证期间除外）", "second review asked for (hearing excluded)"), s("作出复核意见", "answer the second review")), After(still(30)), Some(d(25)), s("信访工作条例第三十六条", "Regulations on Petitions, art. 36"), Clerk),
    right(row(26, "reconsideration.application", (s("知道行政行为", "administrative act known"), s("申请行政复议", "apply for reconsideration")), After(d(60)), Some(d(45)), s("行政复议法第二十条", "Administrative Reconsideration Law, art. 20"), Lawyer)),
    row(26, "reconsideration.acceptance", (s("收到行政复议申请", "application received"), s("审查并决定是否受理", "decide on acceptance")), After(w(5)), Some(w(3)), s("行政复议法第三十条、第八十八条", "Administrative Reconsideration Law, arts. 30, 88"), Clerk),
    extendable(row(26, "reconsideration.decision", (s("受理行政复议申请", "application accepted"), s("作出行政复议决定", "decide the reconsideration")), After(d(60)), Some(d(50)), s("行政复议法第六十二条", "Administrative Reconsideration Law, art. 62"), Clerk), d(30)),
    right(row(27, "labour.limitation", (s("知道权利受到侵害", "harm known"), s("申请劳动争议仲裁", "apply for labour arbitration")), After(m(12)), Some(m(11)), s("劳动争议调解仲裁法第二十七条", "Labour Dispute Mediation and Arbitration Law, art. 27"), Lawyer)),
    extendable(row(27, "labour.award", (s("仲裁委员会受理", "arbitration accepted"), s("作出仲裁裁决", "make the award")), After(d(45)), None, s("劳动争议调解仲裁法第四十三条", "Labour Dispute Mediation and Arbitration Law, art. 43"), Lawyer), d(15)),
    right(row(28, "civil.limitation", (s("知道权利受到损害以及义务人", "harm and obligor known"), s("提起诉讼", "bring the action")), After(m(36)), Some(m(34)), s("民法典第一百八十八条", "Civil Code, art. 188"), Lawyer)),
    row(29, "safety.order", (s("人民法院受理人身安全保护令申请", "safety order applied for"), s("作出人身安全保护令或者驳回", "make or refuse the order")), After(h(72)), Some(h(48)), s("反家庭暴力法第二十八条", "Anti-Domestic-Violence Law, art. 28"), Clerk),
    row(29, "safety.order_urgent", (s("人民法院受理申请（情况紧急）", "safety order applied for (urgent)"), s("作出人身安全保护令或者驳回", "make or refuse the order")), After(h(24)), Some(h(12)), s("反家庭暴力法第二十八条", "Anti-Domestic-Violence Law, art. 28"), Clerk),
    sure(row(30, "consultation.letter", (s("收到来信咨询", "letter received"), s("书面答复", "answer the letter")), After(w(7)), Some(w(5)), s("县（市、区）公共法律服务咨询服务指南", "county guide to consultation"), Clerk), County),
    sure(row(30, "consultation.answer", (s("收到咨询", "question received"), s("答复咨询", "answer the question")), After(h(24)), Some(h(12)), s("县（市、区）公共法律服务咨询服务指南", "county guide to consultation"), Lawyer), County),
    sure(row(30, "consultation.chat", (s("在线即时咨询开始", "live chat begins"), s("答复咨询", "answer the question")), After(h(5)), Some(h(2)), s("县（市、区）公共法律服务咨询服务指南", "county guide to consultation"), Lawyer), County),
    row(31, "privacy.assessment", (s("完成个人信息保护影响评估", "impact assessment done"), s("保存评估报告和处理记录", "keep report and records")), Keep(m(36).unrolled()), None, s("个人信息保护法第五十六条", "Personal Information Protection Law, art. 56"), PlatformAdmin),
    sure(row(32, "network.log", (s("产生网络日志", "log written"), s("留存网络日志", "keep the log")), Keep(m(6).unrolled()), None, s("网络安全法（2016年文本第二十一条）", "Cybersecurity Law (art. 21 of the 2016 text)"), PlatformAdmin), Recalled),
    // Service targets of counties (handbook §9); no law sets them.
    sure(row(0, "petition.feedback", (s("窗口接待信访群众", "visitor received"), s("向信访部门反馈", "report back to the petition office")), After(w(5)), Some(w(3)), s("县（市、区）访调对接工作规程", "county rules on petition answering"), Clerk), County),
    sure(heard_by(row(0, "aid.acceptance", (s("指派承办人", "assigned to a legal-aid person"), s("接受指派，或者说明理由不能承办", "accept the case, or decline it with the reason")), After(w(3)), Some(w(1)), s("县（市、区）法律援助办案规程（内部时限）", "county rules on legal-aid work (internal target)"), Lawyer), Some(AidOfficer)), County),
    sure(row(0, "aid.file_check", (s("收到结案报告和材料", "closing report received"), s("查卷并结案，或者退回补正", "check the file and close, or send it back")), After(d(30)), Some(d(20)), s("县（市、区）法律援助案卷检查制度（法律援助法第五十九条）", "county rules on file checks (Legal Aid Law, art. 59)"), AidOfficer), County),
    // Custody and detention (刑诉法 105) would be rows that never roll; the house keeps none, and a test holds it.
];
