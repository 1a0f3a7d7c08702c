import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { budget } from './build/budget.ts'
import { earlyScript } from './build/early.ts'
import { shellWorker } from './build/worker.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const FIRST =
  /src\/(core\/(?!poster|emoji|attaching|pictures|modal|replies|opening|gathering|places|leaving|drafts|writing)|outbox\/|pages\/HomePage|components\/(Icon|icons|Avatar|Byline|RichText|PictureGrid|QuoteBox|Post(Card|Skeleton)|EmptyState|FailedState|FeedList|HomeHead|UnsentList|NetworkBanner|TabBar|Toast))|api\/client|plugin-vue|vite\/preload|vant\/es\/(list|pull-refresh|loading|utils|composables|tab|locale)|@vant\/use/

export default defineConfig({
  root: here('.'),
  test: { setupFiles: ['tests/page.ts'], include: ['tests/*.test.ts'] },
  base: '/h5/',
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('wx-') } } }), earlyScript(here('src/early.ts')), shellWorker(here('worker/shell.ts')), budget({ scripts: 100_000, styles: 40_000 })],
  resolve: { alias: { '@api': here('../api'), '@': here('src') } },
  build: {
    target: ['chrome87', 'safari14'],
    outDir: process.env.GUANWEI_WEB_OUT ?? here('dist'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: 'manifest.json',
    rolldownOptions: {
      output: {
        // What the first view needs comes in two files, not in twenty: every file costs a round trip.
        codeSplitting: {
          groups: [
            { name: 'base', test: /node_modules\/(@vue|vue|vue-router|@tanstack)\//, priority: 2 },
            { name: 'first', test: FIRST, priority: 1 },
          ],
        },
      },
    },
  },
})
