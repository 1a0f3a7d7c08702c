/** WeChat's JS-SDK: share cards and the native picture viewer. Outside WeChat nothing is loaded. */
import { shallowRef } from 'vue'
import { accountId, api, base } from './api'
import { inWeChat } from './session'

interface Card {
  title: string
  desc: string
  imgUrl: string
  link: string
}

interface JsSdk {
  config(options: object): void
  ready(done: () => void): void
  error(failed: (reason: unknown) => void): void
  updateAppMessageShareData(card: Card): void
  updateTimelineShareData(card: Omit<Card, 'desc'>): void
  previewImage(options: { current: string; urls: string[] }): void
}

declare global {
  interface Window {
    wx?: JsSdk
    WeixinJSBridge?: unknown
  }
}

const ADDRESS = 'https://res.wx.qq.com/open/js/jweixin-1.6.0.js'
const iOS = /iPhone|iPad|iPod/.test(navigator.userAgent)
/** iOS signs for the address that the page was entered by, Android for the one it is at. */
const entered = location.href.split('#')[0]!
let loading: Promise<JsSdk> | undefined
let configuring: { url: string; done: Promise<JsSdk> } | undefined
let configured = false

function load(): Promise<JsSdk> {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = ADDRESS
    script.onload = () => (window.wx ? resolve(window.wx) : reject(new Error('no wx')))
    script.onerror = reject
    document.head.append(script)
  })
  return loading
}

/** For the address that the page is at; those who come while it is under way wait for the same. */
function configure(): Promise<JsSdk> {
  const url = iOS ? entered : location.href.split('#')[0]!
  if (configuring?.url !== url) {
    const now = (configuring = { url, done: configureFor(url) })
    now.done.catch(() => configuring === now && (configuring = undefined))
  }
  return configuring.done
}

async function configureFor(url: string): Promise<JsSdk> {
  const wx = await load()
  const signed = await api.get('/community/{account_id}/page-signature', { query: { url } })
  return new Promise((resolve, reject) => {
    wx.config({
      appId: signed.app_id,
      timestamp: signed.timestamp,
      nonceStr: signed.nonce,
      signature: signed.signature,
      openTagList: ['wx-open-subscribe'],
      jsApiList: ['updateAppMessageShareData', 'updateTimelineShareData', 'previewImage'],
    })
    wx.ready(() => {
      configured = true
      resolve(wx)
    })
    wx.error(reject)
  })
}

/** The address of a route for others: absolute, and telling that it was shared. */
export function sharedLink(path: string): string {
  const url = new URL(base + path.replace(/^\//, ''), location.origin)
  url.searchParams.set('shared', '1')
  return url.href
}

export interface ShareCard {
  title: string
  text: string
  path: string
  picture?: string | null
}

/** What a page has to say of itself when it is shared; App.vue offers it, or the page's title. */
export const cardOfPage = shallowRef<ShareCard | null>(null)
/** What the sheet that is open shares, whatever the page behind it. */
export const cardOfSheet = shallowRef<ShareCard | null>(null)
let offered: ShareCard | undefined

/** What WeChat's own menu shares from here. */
export async function offerCard(card: ShareCard): Promise<void> {
  offered = card
  if (!inWeChat || !accountId) return
  const imgUrl = new URL(card.picture ?? '/h5/icon.png', location.origin).href
  const full = { title: card.title, desc: card.text || '来微社区一起聊聊', link: sharedLink(card.path), imgUrl }
  try {
    const wx = await configure()
    // Another page may have been opened meanwhile.
    if (offered !== card) return
    wx.updateAppMessageShareData(full)
    wx.updateTimelineShareData(full)
  } catch {
    // Without a card WeChat shares title and address; nothing else depends on it.
  }
}

/** True when WeChat shows the pictures. */
export function previewInWeChat(urls: string[], current: number): boolean {
  if (!inWeChat || !window.wx || !configured) return false
  const absolute = urls.map((url) => new URL(url, location.origin).href)
  window.wx.previewImage({ urls: absolute, current: absolute[current]! })
  return true
}

/** Whether WeChat's subscribe button can be shown. */
export async function subscribeReady(): Promise<boolean> {
  if (!inWeChat) return false
  return configure().then(
    () => true,
    () => false,
  )
}
