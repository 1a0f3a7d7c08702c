/** Pictures on their way out: made smaller here, uploaded with progress, each retried by itself. */
import { reactive } from 'vue'
import { newKey, Refused, service, understood, Unreachable, type Picture } from './api'
import { saying } from './toast'

const LONGEST = 1_600
const QUALITY = 0.8
/** An animation would be lost by drawing it. */
const UNTOUCHED = 'image/gif'

/** `uploaded`: when, by the clock of this browser; unknown of one that another phone uploaded. */
export interface Uploaded extends Picture {
  uploaded?: number
}

export interface Chosen {
  /** Idempotency key: the same upload again is the same picture. */
  key: string
  blob: Blob
  url: string
  state: 'uploading' | 'done' | 'failed' | 'refused'
  progress: number
  problem: string
  picture: Uploaded | null
}

export class PictureUnreadable extends Error {
  constructor() {
    super('这张图片无法读取，请换成 JPG 或 PNG 图片。')
  }
}

/** Browsers of some years ago throw at the option, and older ones have no `createImageBitmap`: an `<img>` turns a picture the
 * right way up as well. */
async function decoded(file: Blob): Promise<{ image: CanvasImageSource; width: number; height: number; done: () => void }> {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
    return { image: bitmap, width: bitmap.width, height: bitmap.height, done: () => bitmap.close() }
  } catch {
    const url = URL.createObjectURL(file)
    const done = () => URL.revokeObjectURL(url)
    const image = new Image()
    await new Promise((resolve, reject) => Object.assign(image, { onload: resolve, onerror: reject, src: url })).catch((error: unknown) => {
      done()
      throw error
    })
    return { image, width: image.naturalWidth, height: image.naturalHeight, done }
  }
}

async function drawn(file: Blob): Promise<Blob | null> {
  const { image, width, height, done } = await decoded(file)
  try {
    const scale = Math.min(1, LONGEST / Math.max(width, height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(width * scale))
    canvas.height = Math.max(1, Math.round(height * scale))
    const paint = canvas.getContext('2d')!
    // JPEG has no transparency: what was clear becomes white, not black.
    paint.fillStyle = '#fff'
    paint.fillRect(0, 0, canvas.width, canvas.height)
    paint.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
  } finally {
    done()
  }
}

export async function compressed(file: Blob): Promise<Blob> {
  if (file.type === UNTOUCHED) return file
  const made = await drawn(file).catch(() => null)
  if (!made) throw new PictureUnreadable()
  return made.size < file.size || file.type !== 'image/jpeg' ? made : file
}

export async function chosen(file: Blob): Promise<Chosen> {
  const blob = await compressed(file)
  return reactive<Chosen>({ key: newKey(), blob, url: URL.createObjectURL(blob), state: 'uploading', progress: 0, problem: '', picture: null })
}

export function uploaded(blob: Blob, key: string, progress: (share: number) => void = () => undefined): Promise<Uploaded> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `${service}/pictures`)
    request.timeout = 60_000
    request.setRequestHeader('Idempotency-Key', key)
    request.setRequestHeader('Accept', 'application/json')
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total)
    request.onload = () => {
      // A Response must not have a body with 204 and the like; uploads are answered 201 or with a problem.
      const response = new Response(request.responseText, { status: request.status, headers: { 'Content-Type': 'application/json' } })
      understood(response).then((picture) => resolve({ ...(picture as Picture), uploaded: Date.now() }), reject)
    }
    request.onerror = request.ontimeout = () => reject(new Unreachable())
    const form = new FormData()
    form.append('file', blob, 'picture')
    request.send(form)
  })
}

export async function upload(one: Chosen): Promise<void> {
  one.state = 'uploading'
  one.problem = ''
  try {
    one.picture = await uploaded(one.blob, one.key, (share) => (one.progress = share))
    one.state = 'done'
  } catch (error) {
    // With a session that is over it is kept: the outbox uploads it after signing in.
    one.state = error instanceof Refused && error.problem.status !== 401 ? 'refused' : 'failed'
    one.problem = saying(error)
  }
}
