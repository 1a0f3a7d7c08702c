import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { transformWithOxc } from 'vite'

/** A small file without imports as plain script, and a hash of it for its name. */
export async function compiled(file: string): Promise<{ code: string; hash: string }> {
  const source = readFileSync(file, 'utf-8')
  const { code } = await transformWithOxc(source, file, { target: 'es2019', sourcemap: false })
  const script = `(()=>{${code.replace(/^export\s*\{\s*\};?\s*$/m, '')}})();\n`
  return { code: script, hash: createHash('sha256').update(script).digest('hex').slice(0, 8) }
}
