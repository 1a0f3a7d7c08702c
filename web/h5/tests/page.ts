/** What modules look for when they are imported: the little of a browser that pure code touches. */
Object.assign(globalThis, { window: globalThis, addEventListener: () => undefined, location: { pathname: '/h5/a/', search: '', href: 'http://h5/a/', origin: 'http://h5' } })
