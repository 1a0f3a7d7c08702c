import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

interface Chunk {
  file: string
  css?: string[]
  imports?: string[]
  dynamicImports?: string[]
  isEntry?: boolean
}

/** The page that the first view shows, besides what the document names itself. */
const FIRST_PAGE = 'src/pages/HomePage.vue'

/** Prints what the first view loads, gzipped, and fails the build over the limits (bytes). */
export function budget(limits: { scripts: number; styles: number }): Plugin {
  let folder = ''
  return {
    name: 'budget',
    apply: 'build',
    configResolved: (config) => void (folder = config.build.outDir),
    closeBundle() {
      const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf-8')) as Record<string, Chunk>
      // Only this plugin reads it; nobody else has to know which file is which.
      rmSync(join(folder, 'manifest.json'))
      const early = /assets\/early-\w+\.js/.exec(readFileSync(join(folder, 'index.html'), 'utf-8'))
      const files = new Set<string>(early ? [early[0]] : [])
      const visit = (name: string) => {
        const chunk = manifest[name]
        if (!chunk || files.has(chunk.file)) return
        for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file)
        chunk.imports?.forEach(visit)
      }
      visit('index.html')
      visit(FIRST_PAGE)
      const size = (end: string) =>
        [...files].filter((file) => file.endsWith(end)).reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file)), { level: 9 }).length, 0)
      const [scripts, styles] = [size('.js'), size('.css')]
      const kb = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`
      console.log(`first view, gzip: JavaScript ${kb(scripts)} of ${kb(limits.scripts)}, CSS ${kb(styles)} of ${kb(limits.styles)}`)
      if (scripts > limits.scripts || styles > limits.styles) throw new Error('the first view is over its budget')
    },
  }
}
