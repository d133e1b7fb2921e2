//! Defines a group of operations: its struct, its methods, and their table.

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
                    writes: crate::group::operations!(@$access),
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
                        writes: crate::group::operations!(@$access),
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
