// Sportello, EUPL-1.2: <pagamenti-comune>
(() => {
	const portale = new URL(document.currentScript.src).origin, nome = /^[a-z0-9-]{2,60}$/;
	if (customElements.get('pagamenti-comune')) return;
	customElements.define('pagamenti-comune', class extends HTMLElement {
		connectedCallback() {
			const ente = this.getAttribute('ente') || '', servizio = this.getAttribute('servizio');
			if (![ente, servizio || ente].every((n) => nome.test(n))) return;
			const lingua = /^(en|de|fr|sl)\b/.exec(this.lang || document.documentElement.lang);
			const f = document.createElement('iframe'), link = document.createElement('slot');
			let vivo;
			const mostra = (si) => {
				link.hidden = si;
				f.style.cssText = 'width:100%;height:480px;border:0;display:' + (si ? 'block' : 'none');
			};
			const di = (cosa) => this.dispatchEvent(new CustomEvent('pagamenti:' + cosa, { bubbles: true }));
			f.title = this.title || this.textContent.trim();
			f.loading = 'lazy';
			f.sandbox = 'allow-scripts allow-forms allow-same-origin allow-top-navigation-by-user-activation';
			f.onload = () => setTimeout(() => {
				if (vivo) return;
				mostra(false);
				di('bloccato');
			}, 3000);
			f.src = `${portale}${lingua ? '/' + lingua[0] : ''}/embed/${ente}/${servizio ? 'servizi/' + servizio : 'avviso'}?origine=${encodeURIComponent(location.origin)}`;
			this.via = new AbortController();
			addEventListener('message', ({ origin, source, data }) => {
				if (origin !== portale || source !== f.contentWindow || data?.sportello !== 1) return;
				const { tipo, altezza } = data;
				if (tipo === 'pronto') {
					mostra(vivo = true);
					source.postMessage({ sportello: 1, tipo: 'misura' }, origin);
				}
				if (tipo === 'pronto' || tipo === 'continua') di(tipo);
				if (Number.isInteger(altezza)) f.style.height = Math.min(Math.max(altezza, 200), 6000) + 'px';
			}, this.via);
			mostra(true);
			(this.shadowRoot || this.attachShadow({ mode: 'open' })).replaceChildren(f, link);
		}
		disconnectedCallback() {
			this.via?.abort();
		}
	});
})();
