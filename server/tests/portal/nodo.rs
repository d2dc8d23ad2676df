//! What the Nodo asks and tells, over its socket.

mod domande;
mod ricevute;
mod ricevute_strane;
mod su_richiesta;
mod trasporto;
