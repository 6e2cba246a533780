declare module "virtual:kernel-worker" {
  const text: string;
  export default text;
}

declare module "virtual:kernel-frame" {
  const document: string;
  export default document;
}

declare module "virtual:goheap-types" {
  const types: { readonly zh: string; readonly en: string };
  export default types;
}
