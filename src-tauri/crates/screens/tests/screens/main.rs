//! The screens, drawn from books in memory: no vault, no file but the study's.

mod chart;

mod amendments;
mod calendar;
mod charts;
mod checklist;
mod completing;
mod contract;
mod form;
mod grid;
mod history;
mod lab;
mod lists;
mod safety;
mod subject;
mod surroundings;
mod sync;
mod tumours;
mod versions;
mod words;
