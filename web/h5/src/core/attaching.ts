/** The pictures of something that is being written. */
import { onScopeDispose, reactive } from 'vue'
import { chosen, PictureUnreadable, upload, type Chosen, type Uploaded } from './pictures'
import { memberHere } from './session'
import { toast } from './toast'
import type { Attached } from '@/outbox'

export function usePictures(most: number, changed: (pictures: Uploaded[]) => void = () => undefined) {
  const list = reactive<Chosen[]>([])
  const tell = () => changed(list.flatMap((one) => (one.picture ? [one.picture] : [])))

  async function add(files: Blob[]): Promise<void> {
    // A guest's words are kept over signing in, files are not: better to ask before.
    if (!files.length || !(await memberHere())) return
    const room = most - list.length
    if (files.length > room) toast(`最多 ${most} 张图片`, 'bad')
    for (const file of files.slice(0, room)) {
      try {
        const one = await chosen(file)
        list.push(one)
        void again(one)
      } catch (error) {
        toast(error instanceof PictureUnreadable ? error.message : '图片没有添加成功，请再试一次。', 'bad')
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
  /** What was attached before; what is not on the service yet is uploaded. */
  function restore(attached: readonly Attached[]): void {
    for (const { key, blob, picture } of attached) {
      list.push({ key, blob, url: picture?.thumb ?? URL.createObjectURL(blob), state: picture ? 'done' : 'uploading', progress: picture ? 1 : 0, problem: '', picture })
      if (!picture) void again(list.at(-1)!)
    }
  }
  /** For the outbox; what did not get through yet is uploaded from there. */
  const attached = (): Attached[] => list.filter((one) => one.state !== 'refused').map(({ key, blob, picture }) => ({ key, blob, picture }))

  onScopeDispose(() => list.forEach((one) => URL.revokeObjectURL(one.url)))
  return { list, most, add, again, drop, restore, attached }
}
