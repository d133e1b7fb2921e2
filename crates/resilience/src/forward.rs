//! Traits that hold for pointers as well, without a copy of their methods per pointer.

/// Implements an async trait (by the crate `async-trait`) for `Arc` and `Box` of whatever
/// implements it, dynamic or not.
///
/// Its methods are listed once more, those that do not wait first. One that is left out
/// fails the lint `clippy::missing_trait_methods`, because a default would be used in place
/// of what the pointer points to.
///
/// ```
/// use std::sync::Arc;
///
/// #[async_trait::async_trait]
/// trait Shelf: Send + Sync {
///     fn name(&self) -> String;
///     async fn find(&self, title: &str) -> Option<u32>;
/// }
///
/// resilience::forward_pointers! {
///     Shelf {
///         fn name(&self) -> String;
///         async fn find(&self, title: &str) -> Option<u32>;
///     }
/// }
///
/// struct Novels;
///
/// #[async_trait::async_trait]
/// impl Shelf for Novels {
///     fn name(&self) -> String {
///         "novels".to_owned()
///     }
///
///     async fn find(&self, title: &str) -> Option<u32> {
///         (title == "Emma").then_some(1815)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let shared: Arc<dyn Shelf> = Arc::new(Novels);
/// assert_eq!(shared.name(), "novels");
/// assert_eq!(Box::new(shared).find("Emma").await, Some(1815));
/// # }
/// ```
#[macro_export]
macro_rules! forward_pointers {
    ($trait:ident { $($methods:tt)* }) => {
        $crate::forward_to! {
            [T: $trait + ?Sized] $trait for ::std::sync::Arc<T>, this => (**this), { $($methods)* }
        }
        $crate::forward_to! {
            [T: $trait + ?Sized] $trait for ::std::boxed::Box<T>, this => (**this), { $($methods)* }
        }
    };
}

/// Implements an async trait for a type by another value that implements it, as
/// [`forward_pointers!`](crate::forward_pointers) does for pointers.
#[macro_export]
macro_rules! forward_to {
    ([$($generics:tt)*] $trait:ident for $type:ty, $this:ident => $inner:expr, {
        $(fn $get:ident(&self $(, $get_arg:ident: $get_type:ty)*) -> $got:ty;)*
        $(async fn $ask:ident $(<$life:lifetime>)? (
            &self $(, $ask_arg:ident: $ask_type:ty)* $(,)?
        ) -> $answer:ty;)*
    }) => {
        #[deny(clippy::missing_trait_methods)]
        #[async_trait::async_trait]
        impl<$($generics)*> $trait for $type {
            $(fn $get(&self $(, $get_arg: $get_type)*) -> $got {
                let $this = self;
                $inner.$get($($get_arg),*)
            })*

            $(async fn $ask $(<$life>)? (&self $(, $ask_arg: $ask_type)*) -> $answer {
                let $this = self;
                $inner.$ask($($ask_arg),*).await
            })*
        }
    };
}
