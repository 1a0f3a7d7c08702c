import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'
import { compiled } from './compiled.ts'

/** Writes `sw.js`, which knows the names of all files of this build. */
export function shellWorker(file: string): Plugin {
  return {
    name: 'shell-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const files = Object.keys(bundle).filter((name) => name.startsWith('assets/') && !name.endsWith('.map')).toSorted()
        const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12)
        const { code } = await compiled(file)
        const source = code.replace('__FILES__', JSON.stringify(files.map((name) => `/h5/${name}`))).replace('__VERSION__', JSON.stringify(version))
        this.emitFile({ type: 'asset', fileName: 'sw.js', source })
      },
    },
  }
}
