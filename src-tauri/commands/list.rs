// Every command that the window may call, by screen. Read by build.rs (permissions) and by lib.rs (the handler).
commands! {
    start: start_view, set_preferences, practise, kit_look, kit_found;
    unlock: unlock, lock, touch, integrity;
    worklist: worklist, visit_checklist, print_page;
    charts: timeline, charts;
    subjects: subjects, subject_register;
    subject: subject_view, event_date, event_add, event_missed;
    form: form_shape, form_state, save_item, save_missing, draft_item, row_add, row_remove, confirm_finding,
        form_complete, form_reopen, form_not_done;
    cell: cell_view, term_search, term_view, settle_conflict, raise_query, answer_query;
    tumours: tumours_view, tumour_read, tumour_new;
    randomise: randomise_view, randomise_request, randomise_reveal;
    sync: sync_view, export_bundle, import_bundle, cancel_work, pick_folder, pick_bundle;
    lab: lab_register, lab_range_set, lab_range_withdraw, lab_event, lab_file_open,
        lab_file_map, lab_file_import, lab_file_close;
    safety: sae_report;
    people: people_view, user_add, user_close, change_password;
    study: study_view, study_differences, study_outline, study_form, subject_preview, study_activate, subject_migrate;
}
