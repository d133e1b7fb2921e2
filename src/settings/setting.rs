//! What is known about one setting, and the macro by which the table of them becomes types.

use super::value::Value;

/// A part of the settings, `[gong]` in a file.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) name: &'static str,
    pub(crate) docs: &'static [&'static str],
    pub(crate) settings: &'static [Setting],
}

/// One setting. Its key in Pulumi ESC, and its file in a folder of secrets, is the variable in
/// lower case.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) section: &'static str,
    pub(crate) field: &'static str,
    pub(crate) variable: &'static str,
    pub(crate) default: Option<&'static str>,
    pub(crate) docs: &'static [&'static str],
    pub(crate) is_secret: bool,
    pub(crate) form: fn() -> String,
    /// What is wrong with a text; `Some(None)` when it has another form.
    pub(crate) fault: fn(&str) -> Option<Option<String>>,
}

impl Setting {
    /// `gong.access_key`.
    pub(crate) fn path(&self) -> String {
        format!("{}.{}", self.section, self.field)
    }

    /// `gong_access_key`.
    pub(crate) fn key(&self) -> String {
        self.variable.to_ascii_lowercase()
    }
}

pub(crate) fn fault<T: Value>(text: &str) -> Option<Option<String>> {
    match T::read(text) {
        Ok(_) => None,
        Err(super::value::Wrong::Form) => Some(None),
        Err(super::value::Wrong::Because(why)) => Some(Some(why)),
    }
}

macro_rules! sections {
    ($(
        $(#[doc = $about:literal])+
        $section:ident: $name:ident {
            $(
                $(#[doc = $doc:literal])+
                $field:ident: $kind:ty = $variable:literal $(or $default:literal)?;
            )+
        }
    )+) => {
        $(
            $(#[doc = $about])+
            #[derive(Debug, Clone)]
            #[non_exhaustive]
            pub struct $name {
                $( $(#[doc = $doc])+ pub $field: $kind, )+
            }
        )+

        /// Everything that can be set, from every place where it can be set; see the
        /// [module](crate::settings).
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub struct Settings {
            $( $(#[doc = $about])+ pub $section: $name, )+
            pub(super) values: std::sync::Arc<Values>,
            /// One client for all who ask, so that they keep Gong's limits together.
            pub(crate) gong_client: std::sync::Arc<std::sync::OnceLock<std::sync::Arc<gong_client::GongClient>>>,
        }

        pub(crate) const SECTIONS: &[Section] = &[$(
            Section {
                name: stringify!($section),
                docs: &[$($about),+],
                settings: &[$(
                    Setting {
                        section: stringify!($section),
                        field: stringify!($field),
                        variable: $variable,
                        default: sections!(@default $($default)?),
                        docs: &[$($doc),+],
                        is_secret: <$kind as Value>::IS_SECRET,
                        form: <$kind as Value>::form,
                        fault: fault::<$kind>,
                    },
                )+],
            },
        )+];

        impl Settings {
            /// The types of values that were checked.
            pub(super) fn typed(values: Values) -> Result<Self, Problem> {
                $(
                    let $section = $name {
                        $( $field: values.read::<$kind>($variable)?, )+
                    };
                )+
                Ok(Self {
                    $($section,)+
                    values: std::sync::Arc::new(values),
                    gong_client: std::sync::Arc::default(),
                })
            }
        }
    };
    (@default) => { None };
    (@default $default:literal) => { Some($default) };
}
pub(super) use sections;
