//! The words of the printed report. The window has catalogues of its own; what is printed is put together here.

macro_rules! texts {
    ($($name:ident: $english:literal, $chinese:literal;)+) => {
        /// A text of the report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each says itself what it is")]
        pub(super) enum Text { $($name),+ }

        impl Text {
            #[cfg(test)]
            const ALL: &'static [Text] = &[$(Text::$name),+];

            fn both(self) -> (&'static str, &'static str) {
                match self { $(Text::$name => ($english, $chinese)),+ }
            }
        }
    };
}

texts! {
    Title: "Report of a serious adverse event", "严重不良事件报告";
    Page: "Page {n} of {of}", "第 {n} 页，共 {of} 页";
    Foot: "Confidential. Pseudonymous data of a trial participant.", "保密。受试者的去标识化数据。";
    Practice: "PRACTICE: invented data (sample)", "练习：虚构数据（示例）";
    Draft: "Draft: the form is not complete. What lacks is marked –.", "草稿：表单尚未完成，缺少的内容以“–”标出。";
    NotReported: "Not yet reported to the sponsor. Due by {at}: {time} left.", "尚未报告申办方。截止 {at}，剩余 {time}。";
    Overdue: "Not yet reported to the sponsor. Overdue since {at}, by {time}.", "尚未报告申办方。已于 {at} 到期，逾期 {time}。";
    Late: "Reported {time} after the limit of {hours} hours ({at}).", "报告晚于 {hours} 小时时限（{at}）{time}。";
    Unaware: "When the site became aware is not recorded: the clock can't be read.", "未记录获知时间，无法计时。";
    Trial: "Trial and subject", "试验与受试者";
    Sponsor: "Sponsor", "申办方";
    Protocol: "Protocol", "方案";
    StudyVersion: "Version of the casebook", "病例报告表版本";
    Site: "Site", "研究中心";
    Subject: "Subject number", "受试者编号";
    AtAGlance: "At a glance", "概要";
    Report: "This report", "本次报告";
    Deadline: "To the sponsor by", "报告申办方时限";
    InTime: "reported {time} after awareness, in time", "获知后 {time} 报告，符合时限";
    EventNumber: "Event {n}", "事件 {n}";
    ReportNumber: "Report {n}", "第 {n} 次报告";
    Event: "The adverse event", "不良事件";
    NoEvent: "No adverse event with this number stands in the casebook.", "病例报告表中没有该编号的不良事件。";
    Criteria: "Criteria of seriousness", "严重性标准";
    NoCriteria: "No criterion is marked.", "未勾选任何标准。";
    Relation: "Relation to treatment, and action taken", "与治疗的关系及采取的措施";
    Exposure: "Treatment before the event", "事件发生前的治疗";
    ExposureNote: "The last dose is the last one that the recorded period and its frequency bring up to the first day of the event.", "末次给药按所记录的用药时段和给药频率推算至事件首日。";
    Onset: "First day of the event", "事件首日";
    OnsetUnknown: "The first day is not known to the day: nothing can be counted from it.", "事件首日未精确到日，无法推算。";
    StudyDay: "Day {n}", "第 {n} 天";
    CycleDay: "day {n} from {cycle}", "{cycle} 起第 {n} 天";
    NoDrugs: "No systemic treatment is recorded before the event.", "事件前无系统治疗记录。";
    NoFractions: "No radiotherapy is recorded before the event.", "事件前无放疗记录。";
    Labs: "Laboratory results behind the event", "与事件相关的检验结果";
    LabsNote: "Named by the form, or graded under the same term by CTCAE 5.0 while the event lasted. Grades are proposals.", "由表单指明，或在事件期间按 CTCAE 5.0 归入同一术语。分级仅为建议。";
    NoLabs: "None.", "无。";
    Narrative: "Narrative", "叙述";
    Provenance: "Where this comes from", "数据来源";
    Drug: "Drug", "药物";
    Dose: "Dose", "剂量";
    Period: "Period", "时段";
    LastDose: "Last dose", "末次给药";
    DaysSince: "Days before", "距事件天数";
    Paused: "interrupted", "暂停";
    Changed: "changed because of the event", "因该事件调整";
    Target: "Radiotherapy target", "放疗靶区";
    Fractions: "Fractions", "次数";
    Days: "First – last fraction", "首次 – 末次照射";
    Test: "Test", "项目";
    Value: "Value", "结果";
    Limits: "Limits", "参考范围";
    Sample: "Sample", "采样";
    Grade: "grade {n}", "{n} 级";
    GradeHead: "Grade", "分级";
    Form: "Form", "表单";
    EnteredBy: "Entered by", "录入者";
    Completed: "declared complete by {who}, {at}", "由 {who} 于 {at} 声明完成";
    NotDone: "declared not done by {who}, {at}", "由 {who} 于 {at} 声明未做";
    Open: "not complete", "未完成";
    Signature: "Investigator's signature, date", "研究者签名、日期";
    Unsigned: "not signed in the program; to be signed here: ______________________________", "程序内未签名；请在此签名：______________________________";
    Made: "Made", "生成时间";
    Program: "Program", "程序";
    Device: "Device", "设备";
    Journal: "Head of its journal", "日志末条";
    State: "Digest of all data", "全部数据摘要";
    Tie: "entry {n}, SHA-256 {digest}", "第 {n} 条，SHA-256 {digest}";
    Empty: "–", "–";
    Conflict: "devices differ: {values}", "设备间不一致：{values}";
    Redacted: "[removed]", "[已移除]";
    Comma: ", ", "，";
    Colon: ": ", "：";
    To: "{from} – {to}", "{from} – {to}";
    Ongoing: "ongoing", "持续";
    Hours: "{h} h {m} min", "{h} 小时 {m} 分";
}

impl Text {
    /// The text in a language; English where there is no other.
    pub(super) fn of(self, lang: &str) -> &'static str {
        let (english, chinese) = self.both();
        if lang.starts_with("zh") { chinese } else { english }
    }

    /// The text with what belongs into its places.
    pub(super) fn with(self, lang: &str, places: &[(&str, &str)]) -> String {
        places.iter().fold(self.of(lang).to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }
}

/// Why there is no value, in words.
pub(super) fn missing(missing: study::Missing, lang: &str) -> &'static str {
    use study::Missing;
    let (english, chinese) = match missing {
        Missing::NotDone => ("not done", "未做"),
        Missing::Unknown => ("unknown", "未知"),
        Missing::NotApplicable => ("not applicable", "不适用"),
        Missing::NotAsked => ("not asked", "未询问"),
        Missing::Refused => ("refused", "拒绝"),
    };
    if lang.starts_with("zh") { chinese } else { english }
}

/// A role in words.
pub(super) fn role(role: casebook::Role, lang: &str) -> &'static str {
    use casebook::Role;
    let (english, chinese) = match role {
        Role::Administrator => ("administrator", "管理员"),
        Role::Nurse => ("research nurse", "研究护士"),
        Role::Investigator => ("investigator", "研究者"),
        Role::Monitor => ("monitor", "监查员"),
        Role::DataManager => ("data manager", "数据管理员"),
        Role::Assessor => ("outcomes assessor", "结局评估者"),
    };
    if lang.starts_with("zh") { chinese } else { english }
}

#[cfg(test)]
mod tests {
    use super::Text;

    /// None without words, and none with other places in one language than in the other.
    #[test]
    fn every_text_is_in_both_languages() {
        let places = |text: &str| {
            let parts = text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()));
            let mut names: Vec<String> = parts.collect();
            names.sort();
            names
        };
        for text in Text::ALL {
            let (english, chinese) = text.both();
            assert!(!english.is_empty() && !chinese.is_empty(), "{text:?}");
            assert_eq!(places(english), places(chinese), "{text:?}");
        }
    }
}
