//! What each rule says: its code, its section, the sentence in English and in Simplified Chinese.

use super::rule::Rule;

impl Rule {
    /// A stable word: `target-progression`.
    pub fn code(self) -> &'static str {
        entry(self).0
    }

    /// Where RECIST 1.1 (or, named, another source) says so.
    pub fn section(self) -> &'static str {
        entry(self).1
    }

    /// The sentence with its facts' names in braces. `zh…` is Simplified Chinese, any other language English.
    pub fn sentence(self, language: &str) -> &'static str {
        let (_, _, english, chinese) = entry(self);
        if language.starts_with("zh") { chinese } else { english }
    }
}

/// Code, section, English sentence, Chinese sentence.
type Entry = (&'static str, &'static str, &'static str, &'static str);

fn entry(rule: Rule) -> Entry {
    target(rule).or_else(|| non_target(rule)).or_else(|| best(rule)).unwrap_or_else(|| baseline(rule))
}

#[rustfmt::skip]
fn target(rule: Rule) -> Option<Entry> {
    Some(match rule {
        Rule::TargetProgression => ("target-progression", "RECIST 1.1, 4.3.1",
            "PD: the target sum of {sum} mm lies {mm} mm and {percent} % above the nadir of {nadir} mm; the limits are {min_mm} mm and {limit} %",
            "PD：靶病灶总和 {sum} mm，比最低值 {nadir} mm 增加 {mm} mm、{percent}%；界限为 {min_mm} mm 和 {limit}%"),
        Rule::TargetProgressionFromNothing => ("target-progression-from-nothing", "RECIST 1.1, 4.3.1",
            "PD: the target lesions had gone and sum to {sum} mm; the limit is {min_mm} mm",
            "PD：靶病灶曾全部消失，现总和 {sum} mm；界限为 {min_mm} mm"),
        Rule::TargetProgressionKnownPart => ("target-progression-known-part", "RECIST 1.1, 4.4.2",
            "PD: what was measured sums to {sum} mm, {mm} mm above the nadir of {nadir} mm, and {lesions} could only add to it; the limits are {min_mm} mm and {limit} %",
            "PD：仅已测量部分总和已达 {sum} mm，比最低值 {nadir} mm 增加 {mm} mm，{lesions} 只会使其更大；界限为 {min_mm} mm 和 {limit}%"),
        Rule::TargetComplete => ("target-complete", "RECIST 1.1, 4.3.1",
            "CR: all target lesions are gone, every node is below {normal} mm; the sum is {sum} mm",
            "CR：靶病灶全部消失，淋巴结短径均小于 {normal} mm；总和 {sum} mm"),
        Rule::TargetPartial => ("target-partial", "RECIST 1.1, 4.3.1",
            "PR: the target sum of {sum} mm lies {percent} % from the baseline of {baseline} mm; the limit is −{limit} %",
            "PR：靶病灶总和 {sum} mm，与基线 {baseline} mm 相比变化 {percent}%；界限为 −{limit}%"),
        Rule::TargetPartialPersists => ("target-partial-persists", "EORTC; RECIST 1.1, 4.3.1",
            "PR: the response of {since} lasts until progression; the target sum of {sum} mm lies {mm} mm above the nadir of {nadir} mm",
            "PR：{since} 的缓解持续至进展为止；靶病灶总和 {sum} mm，比最低值 {nadir} mm 增加 {mm} mm"),
        Rule::TargetStable => ("target-stable", "RECIST 1.1, 4.3.1",
            "SD: the target sum of {sum} mm lies {percent} % from the baseline of {baseline} mm and {mm} mm from the nadir of {nadir} mm, neither PR nor PD",
            "SD：靶病灶总和 {sum} mm，与基线 {baseline} mm 相比变化 {percent}%，与最低值 {nadir} mm 相差 {mm} mm，既非 PR 也非 PD"),
        Rule::TargetNotEvaluable => ("target-not-evaluable", "RECIST 1.1, 4.4.2",
            "NE: the size of {lesions} is not known, and what was measured ({sum} mm) is no progression by itself",
            "NE：{lesions} 的大小未知，已测量部分（{sum} mm）本身不构成进展"),
        Rule::TargetNoBaseline => ("target-no-baseline", "RECIST 1.1, 4.2",
            "NE: the target sum at baseline is not known",
            "NE：基线靶病灶总和未知"),
        _ => return None,
    })
}

#[rustfmt::skip]
fn non_target(rule: Rule) -> Option<Entry> {
    Some(match rule {
        Rule::NonTargetProgression => ("non-target-progression", "RECIST 1.1, 4.3.4",
            "PD: unequivocal progression of non-target {lesions}",
            "PD：非靶病灶 {lesions} 明确进展"),
        Rule::NonTargetProgressionBackDated => ("non-target-progression-back-dated", "RECIST 1.1, 4.4.4",
            "PD: the equivocal progression of non-target {lesions} was confirmed on {confirmed} and counts from here",
            "PD：非靶病灶 {lesions} 的可疑进展于 {confirmed} 得到证实，进展日期从本次算起"),
        Rule::NonTargetComplete => ("non-target-complete", "RECIST 1.1, 4.3.3",
            "CR: all non-target lesions are gone",
            "CR：非靶病灶全部消失"),
        Rule::NonTargetMarkers => ("non-target-markers", "RECIST 1.1, 4.3.3",
            "Non-CR/non-PD: all non-target lesions are gone, but the tumour markers are not normal",
            "非 CR/非 PD：非靶病灶全部消失，但肿瘤标志物未恢复正常"),
        Rule::NonTargetMarkersUnknown => ("non-target-markers-unknown", "RECIST 1.1, 3.2.2",
            "NE: all non-target lesions are gone, but the tumour markers, elevated at baseline, were not measured",
            "NE：非靶病灶全部消失，但基线升高的肿瘤标志物未检测"),
        Rule::NonTargetPresent => ("non-target-present", "RECIST 1.1, 4.3.3",
            "Non-CR/non-PD: non-target {lesions} still there, without unequivocal progression",
            "非 CR/非 PD：非靶病灶 {lesions} 仍存在，无明确进展"),
        Rule::NonTargetNotEvaluable => ("non-target-not-evaluable", "RECIST 1.1, 4.4.2",
            "NE: the state of non-target {lesions} is not known",
            "NE：非靶病灶 {lesions} 的状态未知"),
        Rule::NewLesion => ("new-lesion", "RECIST 1.1, 4.3.5",
            "PD: new lesion {lesions}",
            "PD：出现新病灶 {lesions}"),
        Rule::NewLesionBackDated => ("new-lesion-back-dated", "RECIST 1.1, 4.3.5",
            "PD: the equivocal new lesion {lesions} was confirmed on {confirmed} and counts from here",
            "PD：可疑新病灶 {lesions} 于 {confirmed} 得到证实，进展日期从本次算起"),
        Rule::NewLesionEquivocal => ("new-lesion-equivocal", "RECIST 1.1, 4.3.5",
            "No progression: new lesion {lesions} is equivocal, the next assessment decides",
            "暂不判进展：新病灶 {lesions} 尚不明确，待下次评估确定"),
        Rule::Reappeared => ("reappeared", "RECIST 1.1, 4.4.3, table 3, note a",
            "PD: {lesions} came back after the complete response of {since}",
            "PD：{since} 完全缓解后，{lesions} 再次出现"),
        Rule::NodeReappeared => ("node-reappeared", "EORTC, RECIST FAQ, abnormal lymph node",
            "PD: node {lesions} is abnormal again after the complete response of {since}; where nothing else shows progression, the EORTC advises to image a lone node once more before it is called",
            "PD：{since} 完全缓解后，淋巴结 {lesions} 再次异常；若无其他进展依据，EORTC 建议先复查影像确认孤立淋巴结，再判定进展"),
        Rule::CompleteButNonTarget => ("complete-but-non-target", "RECIST 1.1, 4.4.1, table 1",
            "PR: the target lesions are gone, the non-target lesions are {non_target}",
            "PR：靶病灶已消失，非靶病灶为 {non_target}"),
        Rule::CompleteButMarkers => ("complete-but-markers", "RECIST 1.1, 3.2.2",
            "PR: the target lesions are gone, but the tumour markers, elevated at baseline, are not known to be normal",
            "PR：靶病灶已消失，但基线升高的肿瘤标志物未证实恢复正常"),
        Rule::NoLesions => ("no-lesions", "RECIST 1.1, 4.4.1",
            "NE: there are neither target nor non-target lesions",
            "NE：既无靶病灶也无非靶病灶"),
        _ => return None,
    })
}

#[rustfmt::skip]
fn best(rule: Rule) -> Option<Entry> {
    Some(match rule {
        Rule::BestSeen => ("best-seen", "RECIST 1.1, 4.4.3",
            "{response} on {date} is the best response before progression",
            "{date} 的 {response} 为进展前的最佳疗效"),
        Rule::BestConfirmed => ("best-confirmed", "RECIST 1.1, 4.6.1",
            "{response} on {date}, confirmed on {confirmed}, at least {days} days later",
            "{date} 的 {response}，于 {confirmed} 确认，间隔不少于 {days} 天"),
        Rule::BestStable => ("best-stable", "RECIST 1.1, 4.4.3",
            "{response} on {date}, day {after} after the start; it needs {days}",
            "{date} 的 {response}，距起始 {after} 天；要求不少于 {days} 天"),
        Rule::BestStableUnconfirmed => ("best-stable-unconfirmed", "RECIST 1.1, 4.4.3, table 3",
            "{seen} on {date} was not confirmed; {after} days after the start it counts as SD, which needs {days}",
            "{date} 的 {seen} 未获确认；距起始 {after} 天，按 SD 计（要求不少于 {days} 天）"),
        Rule::BestProgression => ("best-progression", "RECIST 1.1, 4.4.3",
            "PD on {date}, and nothing better before that counts",
            "{date} 进展，此前无可计入的更好疗效"),
        Rule::BestLostComplete => ("best-lost-complete", "RECIST 1.1, 4.4.3, table 3, note a",
            "{seen} on {date} after CR: the disease came back before SD lasted {days} days",
            "CR 之后 {date} 为 {seen}：SD 未满 {days} 天即复发"),
        Rule::BestTooEarly => ("best-too-early", "RECIST 1.1, 4.4.3",
            "{seen} on {date}, {after} days after the start, does not count; SD needs {days}",
            "{date} 的 {seen} 距起始仅 {after} 天，不计入；SD 要求不少于 {days} 天"),
        Rule::BestNotEvaluable => ("best-not-evaluable", "RECIST 1.1, 4.4.3",
            "no assessment could be judged",
            "没有可评价的评估"),
        Rule::BestNone => ("best-none", "RECIST 1.1, 4.4.3",
            "no assessment after baseline",
            "基线后没有评估"),
        _ => return None,
    })
}

#[rustfmt::skip]
fn baseline(rule: Rule) -> Entry {
    match rule {
        Rule::TooManyTargets => ("too-many-targets", "RECIST 1.1, 4.2",
            "{count} target lesions; at most {limit} are allowed",
            "靶病灶 {count} 个；最多允许 {limit} 个"),
        Rule::TooManyInOrgan => ("too-many-in-organ", "RECIST 1.1, 4.2",
            "{lesions} lie in one organ (all lymph nodes are one); at most {limit} target lesions are allowed there",
            "{lesions} 位于同一器官（所有淋巴结按一个器官计）；每个器官最多 {limit} 个靶病灶"),
        Rule::TargetTooSmall => ("target-too-small", "RECIST 1.1, 3.1.1",
            "target {lesion} measures {size} mm; it needs {limit} mm",
            "靶病灶 {lesion} 为 {size} mm；要求不小于 {limit} mm"),
        Rule::NodeTargetTooSmall => ("node-target-too-small", "RECIST 1.1, 3.1.1",
            "nodal target {lesion} has a short axis of {size} mm; it needs {limit} mm",
            "淋巴结靶病灶 {lesion} 短径 {size} mm；要求不小于 {limit} mm"),
        Rule::NodeNormal => ("node-normal", "RECIST 1.1, 3.1.1",
            "node {lesion} has a short axis of {size} mm; below {limit} mm it is normal",
            "淋巴结 {lesion} 短径 {size} mm；小于 {limit} mm 为正常"),
        Rule::TargetNotMeasured => ("target-not-measured", "RECIST 1.1, 4.2",
            "target {lesion} has no size at baseline",
            "靶病灶 {lesion} 缺少基线大小"),
        Rule::TargetTreatedBefore => ("target-treated-before", "RECIST 1.1, 3.1.2",
            "target {lesion} was treated locally before and has not progressed since: usually not measurable",
            "靶病灶 {lesion} 曾接受局部治疗且此后未进展：通常不视为可测量病灶"),
        _ => ("before-baseline", "RECIST 1.1, 4.1",
            "the assessment of {date} lies before the baseline of {baseline}",
            "{date} 的评估早于基线 {baseline}"),
    }
}
