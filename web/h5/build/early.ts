import type { Plugin } from 'vite'
import { compiled } from './compiled.ts'

/** Puts a script before everything else: no module, so that it runs before the first paint. */
export function earlyScript(file: string): Plugin {
  let name = ''
  return {
    name: 'early-script',
    apply: 'build',
    async buildStart() {
      const { code, hash } = await compiled(file)
      name = `assets/early-${hash}.js`
      this.emitFile({ type: 'asset', fileName: name, source: code })
    },
    transformIndexHtml: {
      order: 'post',
      handler: () => [{ tag: 'script', attrs: { src: `/h5/${name}` }, injectTo: 'head-prepend' }],
    },
  }
}
