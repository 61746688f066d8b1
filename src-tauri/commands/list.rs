// Every command that the window may call, by screen. Read by build.rs (permissions) and by lib.rs (the handler).
commands! {
    start: start_view, set_preferences;
}
