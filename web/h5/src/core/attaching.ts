/** The pictures of something that is being written. */
import { onScopeDispose, reactive } from 'vue'
import { newKey, type Picture } from './api'
import { chosen, upload, type Chosen } from './pictures'
import { toast } from './toast'
import type { Attached } from '@/outbox'

export function usePictures(most: number, changed: (pictures: Picture[]) => void = () => undefined) {
  const list = reactive<Chosen[]>([])
  const tell = () => changed(list.flatMap((one) => (one.picture ? [one.picture] : [])))

  async function add(files: Blob[]): Promise<void> {
    const room = most - list.length
    if (files.length > room) toast(`最多 ${most} 张图片`, 'bad')
    for (const file of files.slice(0, room)) {
      try {
        const one = await chosen(file)
        list.push(one)
        void again(one)
      } catch (error) {
        toast(error instanceof Error ? error.message : '图片无法读取', 'bad')
      }
    }
  }
  async function again(one: Chosen): Promise<void> {
    await upload(one)
    if (one.state === 'done') tell()
  }
  function drop(one: Chosen): void {
    list.splice(list.indexOf(one), 1)
    URL.revokeObjectURL(one.url)
    tell()
  }
  /** Pictures of a draft: they are on the service already. */
  function restore(pictures: readonly Picture[]): void {
    for (const picture of pictures) {
      list.push({ key: newKey(), blob: new Blob(), url: picture.thumb, state: 'done', progress: 1, problem: '', picture })
    }
  }
  /** For the outbox; what did not get through yet is uploaded from there. */
  const attached = (): Attached[] => list.filter((one) => one.state !== 'refused').map(({ key, blob, picture }) => ({ key, blob, picture }))

  onScopeDispose(() => list.forEach((one) => URL.revokeObjectURL(one.url)))
  return { list, most, add, again, drop, restore, attached }
}
