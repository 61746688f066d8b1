//! The site room through its acts, as people use it.

mod bundles;
mod entering;
mod labimport;
mod labs;
mod masked;
mod permissions;
mod randomise;
mod safety;
mod session;
mod stage;
mod sync;
mod tumours;
