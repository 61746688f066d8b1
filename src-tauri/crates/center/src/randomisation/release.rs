//! Releasing one slot to one request, read out over the telephone.
//!
//! The center deals the slots of a stratum in their order, whichever site asks, so nobody can skip one or ask for one. A
//! device counts its requests, and every one must come in, in its order: who asked for a subject and then did not call
//! cannot go on to the next. The same code gets the same answer; another request with a number that was answered before is
//! a copy of the vault, or one that was turned back, and gets none.

use super::refused::ReleaseError;
use super::{Released, each_allocation_act, released};
use crate::journal::keep_text;
use crate::settle::each_aside;
use crate::store::{Alarm, Device, DeviceState, Tx};
use crate::{AlarmKind, Center, CenterError, Stamp};
use allocation::{ReleaseCode, RequestCode};
use casebook::act::{AllocationRefused, AllocationReleased};
use casebook::{Act, EntryId};
use seal::Zeroizing;
use study::Oid;

/// A slot that was released.
#[derive(Debug)]
pub struct Release {
    /// What is read back.
    pub code: Zeroizing<String>,
    /// The device that asked.
    pub device: String,
    /// The subject.
    pub subject: String,
    /// The stratum, by its factors' codes.
    pub stratum: String,
    /// The slot's number in its stratum.
    pub slot: u32,
    /// Whether this answer was given before.
    pub again: bool,
}

impl Center {
    /// Answers a request code. With `deviation`, the reason for it, a subject's own slot is released to another request
    /// than the first: after a restored backup, for instance. No slot is ever given to a second subject, nor to another person
    /// under the key of one whose slot was lost with a branch: that person is dealt the next slot, without deviation.
    ///
    /// # Errors
    /// [`CenterError::Code`] for a mistyped code, [`CenterError::NotReleased`] for one that gets no slot, which the
    /// center's log then says.
    pub fn release(
        &self,
        stamp: &Stamp,
        code: &str,
        device: Option<&str>,
        deviation: Option<&str>,
    ) -> Result<Release, CenterError> {
        let request: RequestCode = code.parse()?;
        let ledger = self.store.read(|tx| self.ledger(tx))?;
        let decided = self.store.transact(|tx| {
            let found = asking(tx, &request, device)?;
            let name = found.as_ref().map(|device| device.log.clone());
            match self.decide(tx, &request, found, deviation.is_some())? {
                Ok(mut act) => {
                    act.deviation = deviation.map(|why| keep_text(tx, why)).transpose()?;
                    self.write(tx, stamp, act.clone())?;
                    Ok::<_, CenterError>(Ok(act))
                }
                Err(why) => {
                    self.note_refusal(tx, stamp, &request, Unanswered { device: name.as_deref(), why })?;
                    Ok(Err(why))
                }
            }
        })?;
        let act = decided.map_err(CenterError::NotReleased)?;
        let damaged = || CenterError::Damaged("the ledger of slots");
        let entry = ledger.entry(act.stratum, act.slot).ok_or_else(damaged)?;
        let release = ReleaseCode::new(&request, act.slot, &entry.key()?).ok_or_else(damaged)?;
        Ok(Release {
            code: release.spoken(),
            device: act.device.to_string(),
            subject: act.subject.to_string(),
            stratum: self.stratum_name(act.stratum)?,
            slot: act.slot,
            again: act.again,
        })
    }

    pub(crate) fn stratum_name(&self, stratum: u32) -> Result<String, CenterError> {
        let list = self.store.read(|tx| self.published_slots(tx))?.ok_or(CenterError::NoAllocation)?.list;
        Ok(list.strata().get(stratum as usize).cloned().unwrap_or_default())
    }

    fn decide(
        &self,
        tx: &dyn Tx,
        request: &RequestCode,
        device: Option<Device>,
        deviation: bool,
    ) -> Result<Result<AllocationReleased, ReleaseError>, CenterError> {
        let Some(device) = device else { return Ok(Err(ReleaseError::UnknownDevice)) };
        let standing = match device.state {
            DeviceState::Waiting => Some(ReleaseError::Waiting),
            DeviceState::Revoked | DeviceState::Rejected | DeviceState::Replaced => Some(ReleaseError::Revoked),
            DeviceState::Approved => None,
        };
        let forked = tx.log_state(&device.log)?.forked_at.is_some();
        if let Some(why) = standing.or(forked.then_some(ReleaseError::Forked)) {
            return Ok(Err(why));
        }
        if is_contradicted(tx, &device.log, request)? {
            return Ok(Err(ReleaseError::OtherRequest));
        }
        let published = self.published_slots(tx)?.ok_or(CenterError::NoAllocation)?.list;
        if usize::from(request.stratum) >= published.strata().len() {
            return Ok(Err(ReleaseError::NoStratum));
        }
        Ok(released(tx)?.answer(request, &device, published.slots(), deviation))
    }

    fn note_refusal(
        &self,
        tx: &mut dyn Tx,
        stamp: &Stamp,
        request: &RequestCode,
        Unanswered { device, why }: Unanswered<'_>,
    ) -> Result<(), CenterError> {
        let act =
            AllocationRefused { code: request.to_string(), device: device.map(Oid::from), why: why.code().to_owned() };
        self.write(tx, stamp, act)?;
        if let (ReleaseError::OtherRequest, Some(log)) = (why, device) {
            let (kind, seq) = (AlarmKind::Request, request.number.into());
            tx.put_alarm(&Alarm { at: stamp.at, kind, log: log.to_owned(), seq, last: None, bundle: EntryId::ZERO })?;
        }
        Ok(())
    }
}

/// A request that gets no slot.
struct Unanswered<'a> {
    /// The device that it names, where it names one.
    device: Option<&'a str>,
    why: ReleaseError,
}

/// The device that a code names.
fn asking(tx: &dyn Tx, request: &RequestCode, named: Option<&str>) -> Result<Option<Device>, CenterError> {
    let fits = |device: &Device| request.is_of(&device.log) && named.is_none_or(|name| *device.log == *name);
    let mut fitting: Vec<Device> = tx.devices()?.into_iter().filter(fits).collect();
    if fitting.len() > 1 {
        fitting.retain(|device| device.state == DeviceState::Approved);
    }
    Ok(if fitting.len() == 1 { fitting.pop() } else { None })
}

/// Whether the device's log, as far as it has come, says something else of this request, or the request was put aside with its branch.
fn is_contradicted(tx: &dyn Tx, log: &str, request: &RequestCode) -> Result<bool, CenterError> {
    let mut contradicted = false;
    each_allocation_act(tx, log, &mut |id, act| {
        if let Act::AllocationRequested(held) = act {
            let same = request.names(&id);
            contradicted |= same != (held.number == u32::from(request.number));
        }
    })?;
    each_aside(tx, log, &mut |_, _, id, _| {
        contradicted |= request.names(&id);
        Ok(())
    })?;
    Ok(contradicted)
}

impl Released {
    /// What a request gets, going by what was released before.
    fn answer(
        &self,
        request: &RequestCode,
        device: &Device,
        slots: u32,
        deviation: bool,
    ) -> Result<AllocationReleased, ReleaseError> {
        let (code, number, stratum) = (request.to_string(), u32::from(request.number), u32::from(request.stratum));
        let subject = format!("{}-{:03}", device.site, request.subject);
        if let Some(before) = self.given.iter().find(|before| before.act.code == code) {
            let again = AllocationReleased { again: true, deviation: None, ..before.act.clone() };
            return if before.lost.is_none() { Ok(again) } else { Err(ReleaseError::LostSlot) };
        }
        let own = self.own(&subject);
        let new = |slot, again| AllocationReleased {
            device: Oid::from(device.log.as_str()),
            subject: Oid::from(subject.as_str()),
            stratum,
            slot,
            number,
            code: code.clone(),
            again,
            deviation: None,
        };
        match own {
            Some(own) if deviation && own.stratum == stratum => return Ok(new(own.slot, true)),
            Some(_) if deviation => return Err(ReleaseError::OtherStratum),
            None if deviation && self.has_lost(&subject) => return Err(ReleaseError::LostSlot),
            _ => {}
        }
        if self.is_answered(&device.log, number) {
            return Err(ReleaseError::OtherRequest);
        }
        if (1..number).any(|earlier| !self.is_answered(&device.log, earlier)) || number == 0 {
            return Err(ReleaseError::Skipped);
        }
        if own.is_some() {
            return Err(ReleaseError::SubjectTaken);
        }
        let of_stratum = self.given.iter().filter(|before| before.act.stratum == stratum);
        match of_stratum.map(|before| before.act.slot).max().unwrap_or(0) + 1 {
            slot if slot <= slots => Ok(new(slot, false)),
            _ => Err(ReleaseError::Full),
        }
    }

    /// Whether a device's request was answered for good. What was answered to a branch that was put aside is no answer to the log that
    /// goes on, which counts its own requests.
    fn is_answered(&self, device: &str, number: u32) -> bool {
        let of_number = |code: &str| code.parse::<RequestCode>().is_ok_and(|code| u32::from(code.number) == number);
        self.in_force(device).any(|before| before.act.number == number)
            || self.refused.iter().any(|before| {
                let of_device = before.device.as_ref().is_some_and(|known| **known == *device);
                of_device && ReleaseError::is_final(&before.why) && of_number(&before.code)
            })
    }
}
