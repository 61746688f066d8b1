//! What the window asks of the person who is signed in: each request runs the act of its name, given the request's
//! fields in their order.

use screens::contract::{Request, requests};
use screens::keys::Key;
use screens::messages::{LabLineTyped, LabMapping, NewLesion};

use crate::{Session, SiteError};

/// A request that one act of whoever is signed in answers.
pub trait Act: Request {
    /// Does it.
    ///
    /// # Errors
    /// What the act says.
    fn run(&self, session: &mut Session<'_>) -> Result<Self::Answer, SiteError>;
}

macro_rules! acts {
    ($($screen:ident {
        $($(#[$doc:meta])+ $name:ident $Request:ident { $($field:ident: $Type:ty),* $(,)? }
            -> $Answer:ty, $allowed:expr $(, $how:ident)?;)*
    })*) => {
        $($(act!($name $Request { $($field)* } $($how)?);)*)*
    };
}

/// Calls an act with the fields of a request, but for the language, in which the session answers.
macro_rules! call {
    ($session:ident $request:ident $name:ident [$($argument:expr,)*] lang $($field:ident)*) => {
        call!($session $request $name [$($argument,)*] $($field)* @ $request.lang)
    };
    ($session:ident $request:ident $name:ident [$($argument:expr,)*] $next:ident $($field:ident)*) => {
        call!($session $request $name [$($argument,)* $request.$next.argument(),] $($field)*)
    };
    ($session:ident $request:ident $name:ident [$($argument:expr,)*]) => {
        $session.$name($($argument),*)
    };
    ($session:ident $request:ident $name:ident [$($argument:expr,)*] @ $lang:expr) => {
        $session.speaking(&$lang).$name($($argument),*)
    };
}

macro_rules! act {
    ($name:ident $Request:ident { $($field:ident)* } shell) => {};
    ($name:ident $Request:ident { $($field:ident)* }) => {
        impl Act for requests::$Request {
            fn run(&self, session: &mut Session<'_>) -> Result<Self::Answer, SiteError> {
                call!(session self $name [] $($field)*)
            }
        }
    };
    ($name:ident $Request:ident { $($field:ident)* } form) => {
        impl Act for requests::$Request {
            fn run(&self, session: &mut Session<'_>) -> Result<Self::Answer, SiteError> {
                let state = call!(session self $name [] $($field)*)?;
                Ok(session.form_update(&self.subject, state))
            }
        }
    };
    ($name:ident $Request:ident { $($field:ident)* } whole) => {
        impl Act for requests::$Request {
            fn run(&self, session: &mut Session<'_>) -> Result<Self::Answer, SiteError> {
                let state = call!(session self $name [] $($field)*)?;
                Ok(session.whole_form(&self.subject, state))
            }
        }
    };
}

screens::each_command!(acts);

/// A field of a request as the parameter of an act.
trait Field {
    /// The parameter's type.
    type Argument<'a>
    where
        Self: 'a;
    /// The parameter.
    fn argument(&self) -> Self::Argument<'_>;
}

impl Field for String {
    type Argument<'a> = &'a str;

    fn argument(&self) -> &str {
        self
    }
}

impl Field for Option<String> {
    type Argument<'a> = Option<&'a str>;

    fn argument(&self) -> Option<&str> {
        self.as_deref()
    }
}

impl<K> Field for Key<K> {
    type Argument<'a>
        = &'a K
    where
        K: 'a;

    fn argument(&self) -> &K {
        self
    }
}

impl<T> Field for Vec<T> {
    type Argument<'a>
        = &'a [T]
    where
        T: 'a;

    fn argument(&self) -> &[T] {
        self
    }
}

/// Messages that an act is given as they are.
macro_rules! as_they_are {
    ($($Message:ty),*) => {$(
        impl Field for $Message {
            type Argument<'a> = &'a $Message;

            fn argument(&self) -> &$Message {
                self
            }
        }
    )*};
}

as_they_are!(LabLineTyped, LabMapping, NewLesion);
