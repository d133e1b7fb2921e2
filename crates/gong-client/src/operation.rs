//! One operation of Gong's API, as data.
//!
//! For callers that want to know which scope a key needs, or that list what there is.

/// One operation: what it is called, where it is and what a key needs for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// Gong's `operationId`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path, with `{…}` where ids stand.
    pub path: &'static str,
    /// The scope that an OAuth token needs; empty where Gong states none.
    pub scope: &'static str,
    /// The call of this crate, such as `users().get`.
    pub call: &'static str,
    /// Whether it changes something at Gong. Such a request is sent once: no key makes Gong
    /// recognise a repetition, so only one that was refused for its rate is sent again.
    pub writes: bool,
}

impl Operation {
    /// Of [`RawCall`](crate::RawCall): unknown, so that its method decides.
    pub(crate) const fn raw(method: &'static str, writes: bool) -> Self {
        Self {
            id: "",
            method,
            path: "(raw)",
            scope: "",
            call: "request",
            writes,
        }
    }
}

/// Defines a group of operations: its struct, its methods and their table.
macro_rules! operations {
    (
        $(#[$about:meta])*
        $group:ident<$life:lifetime> $accessor:literal;
        $(
            $(#[$doc:meta])*
            $access:ident $verb:ident $path:literal $id:ident $scope:literal
            pub fn $name:ident($($argument:ident: $kind:ty),* $(,)?) -> $reply:ty {
                $draft:ident => $make:expr
            }
        )+
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy)]
        pub struct $group<$life>(&$life crate::GongClient);

        impl<$life> $group<$life> {
            /// What it can do.
            pub(crate) const OPERATIONS: &'static [crate::Operation] = &[$(
                crate::Operation {
                    id: stringify!($id),
                    method: stringify!($verb),
                    path: $path,
                    scope: $scope,
                    call: concat!($accessor, "().", stringify!($name)),
                    writes: crate::operation::operations!(@$access),
                },
            )+];

            pub(crate) fn of(client: &$life crate::GongClient) -> Self {
                Self(client)
            }

            $(
                $(#[$doc])*
                ///
                #[doc = concat!("`", stringify!($verb), " ", $path, "`, scope `", $scope, "`.")]
                pub fn $name(&self, $($argument: $kind),*) -> $reply {
                    const OPERATION: crate::Operation = crate::Operation {
                        id: stringify!($id),
                        method: stringify!($verb),
                        path: $path,
                        scope: $scope,
                        call: concat!($accessor, "().", stringify!($name)),
                        writes: crate::operation::operations!(@$access),
                    };
                    let $draft = crate::draft::Draft::new(self.0, OPERATION);
                    $make
                }
            )+
        }
    };
    (@read) => { false };
    (@write) => { true };
}
pub(crate) use operations;
