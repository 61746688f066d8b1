//! The messages as TypeScript: what `cargo xtask gen` writes to `ui/src/ipc/messages.ts`.

use ts_rs::{Config, TS};

use crate::messages as m;

/// The whole of `ui/src/ipc/messages.ts`. The same types give the same text, so that CI can compare.
pub fn typescript() -> String {
    // Counts and sequence numbers stay far below 2^53, so a plain number holds them.
    let config = Config::new().with_large_int("number");
    let mut out =
        String::from("// Written by `cargo xtask gen` from src-tauri/crates/screens/src/messages/. Do not edit.\n");
    macro_rules! declare {
        ($($name:ident),* $(,)?) => { $( declaration::<m::$name>(&config, &mut out); )* };
    }
    declare!(
        VaultCard,
        PracticeAccounts,
        StartView,
        Preferences,
        Role,
        KitView,
        SessionView,
        Alarm,
        IntegrityView,
        WorklistView,
        Task,
        TaskKind,
        ClockState,
        ReportClock,
        DrugBefore,
        CourseBefore,
        ResultBehind,
        EventBeside,
        ResultEvent,
        EvidenceFact,
        Evidence,
        ReportWritten,
        SubjectRow,
        WindowState,
        SubjectView,
        EventColumn,
        FormRow,
        FormMark,
        FormStatus,
        AddableEvent,
        FormShape,
        GroupShape,
        ItemShape,
        Control,
        Choice,
        TermView,
        GradeView,
        FormUpdate,
        FormState,
        RowState,
        CellState,
        FindingView,
        Severity,
        Blocker,
        CellView,
        Change,
        QueryView,
        CoursePoint,
        LabPart,
        AnalyteShape,
        LabSide,
        LabBeside,
        GradeProposal,
        LabRegister,
        LabAnalyte,
        LabLine,
        LabLineTyped,
        LabEventRow,
        TumoursView,
        TumourColumn,
        TumourRow,
        TumourCell,
        LesionRole,
        ResponseKind,
        ResponseLine,
        ResponseCell,
        BestResponse,
        ChecklistView,
        ChecklistForm,
        ChecklistItem,
        OpenPoint,
        TimelineView,
        PeriodBar,
        FractionMark,
        ScanMark,
        AdverseBar,
        ResultLine,
        Milestone,
        ChartsView,
        BestBar,
        ChangeLine,
        SwimLane,
        RandomiseView,
        RandomiseStep,
        GateView,
        FactorView,
        RequestView,
        AllocationView,
        LabMapping,
        LabPair,
        LabVerdict,
        LabFileRow,
        LabCount,
        LabFileView,
        LabFileReport,
        LabFileFault,
        LabFileOpened,
        SyncView,
        TransferView,
        Progress,
        ExportReport,
        ImportReport,
        StudyView,
        VersionView,
        VersionState,
        SubjectVersion,
        DifferenceView,
        PreviewView,
        PreviewLine,
        PreviewKind,
        OutlineView,
        OutlineEvent,
        RetiredView,
        EarlierView,
        PeopleView,
        Person,
        Refused,
        Idle,
        Locked,
    );
    out
}

fn declaration<T: TS>(config: &Config, out: &mut String) {
    let docs = T::docs().unwrap_or_default();
    let whole = format!("{}\nexport {}\n", docs.trim_end(), T::decl(config));
    out.push('\n');
    out.push_str(&tidy(&whole));
}

/// Puts one-line comments on one line, indents the fields and drops trailing space: a person reads this file, too.
fn tidy(text: &str) -> String {
    let joined = text.replace("/**\n * ", "/** ").replace("\n */", " */");
    let mut inside = false;
    let mut out = String::new();
    for line in joined.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        let (line, closes) = match line.strip_suffix(" };") {
            Some(rest) if inside => (rest, true),
            _ => (line, false),
        };
        out.push_str(if inside { "  " } else { "" });
        out.push_str(line);
        out.push('\n');
        if closes {
            out.push_str("};\n");
            inside = false;
        }
        inside |= line.ends_with("= {");
    }
    out
}

#[cfg(test)]
mod tests {
    /// A message that another one names but that is not declared would only fail later, in the window's build.
    #[test]
    fn every_message_is_declared() {
        let text = super::typescript();
        let source = [
            include_str!("messages/charts.rs"),
            include_str!("messages/checklist.rs"),
            include_str!("messages/form.rs"),
            include_str!("messages/lab.rs"),
            include_str!("messages/lists.rs"),
            include_str!("messages/randomise.rs"),
            include_str!("messages/safety.rs"),
            include_str!("messages/session.rs"),
            include_str!("messages/study.rs"),
            include_str!("messages/transport.rs"),
            include_str!("messages/tumours.rs"),
        ]
        .concat();
        for line in source.lines() {
            let Some(rest) = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum ")) else {
                continue;
            };
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            assert!(text.contains(&format!("export type {name} = ")), "{name} is not declared");
        }
        assert!(!text.contains("bigint"));
    }
}
