//! Kits: what makes an empty installation a site's device.

use crate::reply::{Given, Replied, Reply, devices_of, held, others};
use crate::site::site as site_of;
use crate::store::{Device, Tx};
use crate::{Center, CenterError, Omission, Stamp};
use bundle::{Activation, Kind, Kit, PackOptions, Packed, Recipients};
use seal::{Zeroizing, random_name};

const LEAST_PASSPHRASE: usize = 12;

/// A kit that carries a site's data.
pub struct KitWithData {
    /// The kit.
    pub packed: Packed,
    /// What is not in it.
    pub omitted: Vec<Omission>,
}

impl Center {
    /// Makes a kit for a site, encrypted to a passphrase that is told by telephone. Its activation code is noted: whoever comes by
    /// it can show that.
    ///
    /// # Errors
    /// When there is no such site or the passphrase is too short.
    pub fn make_kit(&self, stamp: &Stamp, site: &str, passphrase: &str) -> Result<Packed, CenterError> {
        let draft = self.begin_kit(stamp, site, passphrase)?;
        self.store.read(|tx| self.pack_kit(tx, draft, &[])).map(|kit| kit.packed)
    }

    /// The same with all that is held of the site: whoever founds a vault by it, on a computer that takes the place of one that
    /// was lost, has every subject at once. What can't be given is named, as in a reply.
    ///
    /// # Errors
    /// As [`Self::make_kit`]; [`CenterError::LargeKit`] when it does not fit into one file.
    pub fn make_kit_with_data(&self, stamp: &Stamp, site: &str, passphrase: &str) -> Result<KitWithData, CenterError> {
        let draft = self.begin_kit(stamp, site, passphrase)?;
        self.give(|tx| {
            let devices = devices_of(tx, site)?;
            let has = held(tx, &devices)?;
            let (draft, logs) = (draft.clone(), others(&has));
            let draft = KitDraft { terms: PackOptions { has, ..draft.terms }, with_data: true, ..draft };
            Ok(Given { packed: self.pack_kit(tx, draft, &devices)?, logs })
        })
    }

    fn begin_kit(&self, stamp: &Stamp, site: &str, passphrase: &str) -> Result<KitDraft, CenterError> {
        if passphrase.chars().count() < LEAST_PASSPHRASE {
            return Err(CenterError::ShortPassphrase);
        }
        let activation = random_name(Activation::CODE)?;
        let (site, study) = self.store.transact(|tx| {
            let site = site_of(tx, site)?;
            tx.put_kit(&site.id, stamp.at, &activation)?;
            let study = self.file_for(tx, stamp, &site.id)?;
            Ok::<_, CenterError>((site, study))
        })?;
        let to = Recipients::Passphrase(site.id.clone(), Zeroizing::new(passphrase.to_owned()));
        let kit = Kit {
            format: Kit::FORMAT.to_owned(),
            version: Kit::VERSION,
            study: self.card.study.clone(),
            study_sha256: study,
            site: site.id,
            site_name: site.name,
            center_key: self.public_key(),
            center_age: self.keys.age.recipient(),
            recovery_age: self.card.recovery.clone(),
            activation,
        };
        // A kit is one file.
        let terms = PackOptions { split: *bundle::limits::SPLIT.end(), ..self.terms(stamp, Kind::Kit, to) };
        Ok(KitDraft { kit, terms, with_data: false })
    }

    /// Packs a kit, and where it is to carry data the logs of these devices and the center's.
    fn pack_kit(&self, tx: &dyn Tx, draft: KitDraft, devices: &[Device]) -> Result<KitWithData, CenterError> {
        let KitDraft { kit, terms, with_data } = draft;
        let mut reply = Reply::begin(self, tx, &kit.site, devices, terms)?;
        reply.packer.blob(Kit::NAME, &kit.write())?;
        reply.packer.blob(Kit::STUDY_NAME, &self.study_file(kit.study_sha256)?)?;
        self.pack_slots(tx, &mut reply.packer)?;
        if with_data {
            reply.pack_all(devices)?;
        }
        let Replied { packed, omitted } = reply.finish()?;
        let [packed] = <[Packed; 1]>::try_from(packed).map_err(|_| CenterError::LargeKit)?;
        Ok(KitWithData { packed, omitted: if with_data { omitted } else { Vec::new() } })
    }
}

/// A kit that is to be packed.
#[derive(Clone)]
struct KitDraft {
    kit: Kit,
    terms: PackOptions,
    /// Whether it is to carry what is held of the site.
    with_data: bool,
}
