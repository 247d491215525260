//! Pages of residents, and the doors through which staff come in.
//!
//! `{view}` is language and size (`zh`, `en`, `zh-large`, `zh-large26`, `zh-large30`, …), `{county}` the tenant's
//! division code. Everything but the card and the doors is cached by address and write generation: no session, no token,
//! no cookie is read or set.
//!
//! | address | view | cached |
//! |---|---|---|
//! | `/` | [`home::Chooser`], or 303 to `/{view}/{county}/` when one county is served; language by Accept-Language | |
//! | `/{view}/` | [`home::Chooser`] | yes |
//! | `/{view}/{county}/` | [`home::Home`]: townships, search, ways to ask | yes |
//! | `/{view}/{county}/places/{division}` | [`place::Villages`] of a township (code or id) | yes |
//! | `/{view}/{county}/villages/{division}` | [`place::Village`]: the village's adviser | yes |
//! | `/{view}/{county}/workers?q=&place=&kind=&specialty=&language=&cursor=` | [`directory::Workers`]: search and directory | yes |
//! | `/{view}/{county}/workers/{id}` | [`directory::Worker`] | yes |
//! | `/{view}/{county}/firms?q=&cursor=` | [`directory::Firms`] | yes |
//! | `/{view}/{county}/firms/{id}` | [`directory::Firm`] | yes |
//! | `/{view}/{county}/facilities?place=&cursor=` | [`directory::Facilities`] | yes |
//! | `/{view}/{county}/facilities/{id}` | [`directory::Facility`] | yes |
//! | `/{view}/{county}/notary` | [`notary::Notary`]: papers to bring | yes |
//! | `/{view}/{county}/about`, `…/privacy`, `…/safety` | [`about::About`], [`about::Privacy`], [`about::Safety`] | yes |
//! | `/{view}/{county}/rooms?date=` | [`rooms::Rooms`]: free times of the mediation rooms | yes |
//! | `/{view}/{county}/ask?in=&place=` GET, POST | [`ask::Where`], [`ask::Question`], then [`ask::Sent`] | GET |
//! | `/{view}/{county}/legal-aid/apply`, `…/mediation/apply` GET, POST | [`apply::Where`], [`apply::Ask`] page by page, [`apply::Check`], then [`apply::Applied`] | GET |
//! | `/{view}/{county}/legal-aid/check` GET, POST | [`apply::Quiz`] | GET |
//! | `/{view}/{county}/services?q=`, `…/services/{code}` | [`service::Services`], [`service::Guide`] | yes |
//! | `/{view}/{county}/progress` GET, POST | [`ask::Find`], then [`ask::Progress`]: number and telephone in the form, never in the address | GET |
//! | `/c/{token}`, `/{view}/c/{token}` | [`card::Card`], or [`card::Revoked`] with 404; `Cache-Control: no-store`, `Referrer-Policy: no-referrer` | |
//! | `/{view}/sign-in?next=`, `/{view}/{county}/sign-in?next=` GET, POST | [`door::SignIn`], then [`door::Code`] or [`door::Enrol`], then 303 to `next`, or [`door::Resumed`] | |
//! | `/{view}/activate`, `/{view}/{county}/activate` GET, POST | [`door::Activate`]: the slip's code, then [`door::Password`], then as above | |
//! | `/sign-out` POST | 303 to `/{view}/{county}/` | |
//! | `/me/view?lang=&size=&back=` GET | keeps how the visitor's desk is shown (cookie), 303 to `back` | |
//! | `/assets/{file}?v={hash}` | stylesheet, script, mark; immutable | yes |
//! | any | [`fault::Fault`] for 403, 404, 429, 500, 503 and every other refusal | |

pub mod about;
pub mod apply;
pub mod ask;
pub mod card;
pub mod directory;
pub mod door;
pub mod fault;
pub mod home;
pub mod notary;
pub mod place;
pub mod rooms;
pub mod service;

use super::{Sampled, sampled};

/// Every public template.
pub fn templates() -> Vec<Sampled> {
    let own = apply::templates();
    let rest = vec![
        sampled::<service::Services>(),
        sampled::<service::Guide>(),
        sampled::<home::Chooser>(),
        sampled::<home::Home>(),
        sampled::<place::Villages>(),
        sampled::<place::Village>(),
        sampled::<directory::Workers>(),
        sampled::<directory::Worker>(),
        sampled::<directory::Firms>(),
        sampled::<directory::Firm>(),
        sampled::<directory::Facilities>(),
        sampled::<directory::Facility>(),
        sampled::<rooms::Rooms>(),
        sampled::<notary::Notary>(),
        sampled::<ask::Where>(),
        sampled::<ask::Question>(),
        sampled::<ask::Sent>(),
        sampled::<ask::Find>(),
        sampled::<ask::Progress>(),
        sampled::<card::Card>(),
        sampled::<card::Revoked>(),
        sampled::<about::About>(),
        sampled::<about::Privacy>(),
        sampled::<about::Safety>(),
        sampled::<door::SignIn>(),
        sampled::<door::Code>(),
        sampled::<door::Activate>(),
        sampled::<door::Password>(),
        sampled::<door::Enrol>(),
        sampled::<door::Resumed>(),
        sampled::<fault::Fault>(),
    ];
    own.into_iter().chain(rest).collect()
}
