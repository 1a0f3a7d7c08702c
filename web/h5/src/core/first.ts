/** What early.ts asked for while the scripts were loading. Each answer counts once. */
import { understood } from './api'

type Name = 'posts' | 'pinned' | 'community'
const early = (window as { guanweiFirst?: Partial<Record<Name, Promise<Response>>> }).guanweiFirst ?? {}

export async function earlyAnswer<T>(name: Name): Promise<T | undefined> {
  const answer = early[name]
  delete early[name]
  return answer?.then(understood).catch(() => undefined) as Promise<T | undefined>
}
