/** IndexedDB: what was shown last (`pages`), and what waits to be sent (`outbox`). */
type Store = 'pages' | 'outbox'
let opened: Promise<IDBDatabase> | undefined

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('guanwei-h5', 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('pages')
      request.result.createObjectStore('outbox')
    }
    request.onsuccess = () => {
      // Another tab with a newer page wants to upgrade: let it.
      request.result.onversionchange = () => request.result.close()
      resolve(request.result)
    }
    request.onerror = () => {
      opened = undefined
      reject(request.error)
    }
  })
  return opened
}

async function run<T>(store: Store, mode: IDBTransactionMode, work: (of: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open()
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode)
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
