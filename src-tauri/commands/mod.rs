//! The commands, one file per screen. Each hands its words to one function of the room `site`; who may call it is
//! settled there.

pub mod cell;
pub mod charts;
pub mod form;
pub mod lab;
pub mod people;
pub mod randomise;
pub mod safety;
pub mod start;
pub mod study;
pub mod subject;
pub mod subjects;
pub mod sync;
pub mod tumours;
pub mod unlock;
pub mod worklist;
