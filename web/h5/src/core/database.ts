/** IndexedDB: what was shown last (`pages`), and what waits to be sent (`outbox`). */
type Store = 'pages' | 'outbox'
/** Browsers have been seen to answer neither yes nor no: then the page does without, until the answer comes after all. */
const PATIENCE_MS = 5_000
let opened: Promise<IDBDatabase> | undefined

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error('IndexedDB does not answer')), PATIENCE_MS)
    const request = indexedDB.open('guanwei-h5', 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('pages')
      request.result.createObjectStore('outbox')
    }
    request.onsuccess = () => {
      clearTimeout(patience)
      const database = request.result
      // Another tab with a newer page wants to upgrade: let it.
      database.onversionchange = () => {
        database.close()
        forget()
      }
      // The browser itself closed it, as it does with pages that were put away for long.
      database.onclose = forget
      opened = Promise.resolve(database)
      resolve(database)
    }
    request.onerror = () => {
      clearTimeout(patience)
      forget()
      reject(request.error)
    }
  })
  return opened
}

const forget = (): void => void (opened = undefined)

async function begun(store: Store, mode: IDBTransactionMode): Promise<IDBTransaction> {
  try {
    return (await open()).transaction(store, mode)
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error
    // Closed without a word: once more on a fresh one.
    forget()
    return (await open()).transaction(store, mode)
  }
}

async function run<T>(store: Store, mode: IDBTransactionMode, work: (of: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = await begun(store, mode)
  return new Promise((resolve, reject) => {
    const request = work(transaction.objectStore(store))
    // What is written counts only once the transaction is through.
    transaction.oncomplete = () => resolve(request.result)
    transaction.onabort = transaction.onerror = () => reject(transaction.error)
  })
}

export const read = <T>(store: Store, key: string): Promise<T | undefined> => run(store, 'readonly', (of) => of.get(key) as IDBRequest<T | undefined>)
export const readAll = <T>(store: Store): Promise<T[]> => run(store, 'readonly', (of) => of.getAll() as IDBRequest<T[]>)
export const write = (store: Store, key: string, value: unknown): Promise<unknown> => run(store, 'readwrite', (of) => of.put(value, key))
export const erase = (store: Store, key: string): Promise<unknown> => run(store, 'readwrite', (of) => of.delete(key))
/** All whose key begins so. */
export const eraseFrom = (store: Store, prefix: string): Promise<unknown> => run(store, 'readwrite', (of) => of.delete(IDBKeyRange.bound(prefix, `${prefix}\uffff`)))
