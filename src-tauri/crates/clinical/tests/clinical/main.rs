//! What answers mean, read from books in memory under a small invented study: no trial's file.

mod stage;

mod clock;
mod doses;
mod functions;
mod grades;
mod labs;
mod links;
mod recist;
mod settings;
mod tumours;
