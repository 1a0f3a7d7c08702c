/** A poster for 朋友圈: text, first picture and a QR code, drawn here so that nothing leaves the phone. */
import { encode } from 'uqr'
import type { Post } from './api'

const [WIDTH, HEIGHT, SIDE] = [720, 1080, 56]
const FONT = "'PingFang SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"

export async function drawPoster(post: Post, community: string, link: string): Promise<string> {
  const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT })
  const paint = canvas.getContext('2d')!
  paint.fillStyle = '#fff'
  paint.fillRect(0, 0, WIDTH, HEIGHT)
  const below = await drawTop(paint, post)
  paint.fillStyle = '#1b1f1d'
  paint.font = `600 36px ${FONT}`
  let y = below + 70
  if (post.title) y = wrapped(paint, post.title, y, 50, 2) + 14
  const text = post.text || '快来看看这条分享'
  // A short text stands large.
  const [size, line] = text.length < 90 ? [36, 58] : [28, 44]
  paint.font = `400 ${size}px ${FONT}`
  paint.fillStyle = '#3c4541'
  wrapped(paint, text, y, line, Math.max(2, Math.floor((HEIGHT - 250 - y) / line)))
  drawFoot(paint, post, community, link)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (!blob) throw new Error('no poster')
  return URL.createObjectURL(blob)
}

/** The first picture over the top, or a band of colour; answers where it ends. */
async function drawTop(paint: CanvasRenderingContext2D, post: Post): Promise<number> {
  const picture = post.pictures[0] ? await loaded(post.pictures[0].large) : null
  const height = picture ? 420 : 150
  if (picture) {
    const scale = Math.max(WIDTH / picture.width, height / picture.height)
    const [wide, high] = [WIDTH / scale, height / scale]
    paint.drawImage(picture, (picture.width - wide) / 2, (picture.height - high) / 2, wide, high, 0, 0, WIDTH, height)
    return height
  }
  paint.fillStyle = '#07803f'
  paint.fillRect(0, 0, WIDTH, height)
  paint.fillStyle = '#fff'
  paint.font = `700 120px ${FONT}`
  paint.fillText('“', SIDE - 8, 150)
  return height
}

function drawFoot(paint: CanvasRenderingContext2D, post: Post, community: string, link: string): void {
  const top = HEIGHT - 210
  paint.fillStyle = '#f2f4f3'
  paint.fillRect(0, top, WIDTH, 210)
  paint.fillStyle = '#1b1f1d'
  paint.font = `600 30px ${FONT}`
  paint.fillText(clipped(paint, post.author.nickname, 400), SIDE, top + 80)
  paint.fillStyle = '#5a625e'
  paint.font = `400 24px ${FONT}`
  paint.fillText(clipped(paint, `来自 ${community} · 微社区`, 400), SIDE, top + 122)
  paint.fillText('长按识别二维码，一起聊聊', SIDE, top + 160)
  drawCode(paint, link, WIDTH - SIDE - 154, top + 28, 154)
}

function drawCode(paint: CanvasRenderingContext2D, text: string, x: number, y: number, size: number): void {
  const { data, size: count } = encode(text, { ecc: 'M', border: 2 })
  const step = size / count
  paint.fillStyle = '#fff'
  paint.fillRect(x, y, size, size)
  paint.fillStyle = '#000'
  data.forEach((row, line) => row.forEach((on, place) => on && paint.fillRect(x + place * step, y + line * step, Math.ceil(step), Math.ceil(step))))
}

function wrapped(paint: CanvasRenderingContext2D, text: string, y: number, height: number, most: number): number {
  const lines: string[] = ['']
  for (const one of Array.from(text)) {
    if (one === '\n') lines.push('')
    else if (paint.measureText(lines.at(-1) + one).width > WIDTH - 2 * SIDE) lines.push(one)
    else lines[lines.length - 1] += one
  }
  const shown = lines.slice(0, most)
  if (lines.length > most) shown[most - 1] = `${shown[most - 1]!.slice(0, -1)}…`
  shown.forEach((line, place) => paint.fillText(line, SIDE, y + place * height))
  return y + shown.length * height
}

function clipped(paint: CanvasRenderingContext2D, text: string, width: number): string {
  const letters = Array.from(text)
  while (letters.length > 1 && paint.measureText(letters.join('')).width > width) letters.splice(-2, 2, '…')
  return letters.join('')
}

function loaded(url: string): Promise<HTMLImageElement | null> {
  return new Promise((resolve) => {
    const image = new Image()
    image.onload = () => resolve(image)
    image.onerror = () => resolve(null)
    image.src = url
  })
}
