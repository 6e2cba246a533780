declare module "virtual:kernel-worker" {
  const text: string;
  export default text;
}

declare module "virtual:kernel-frame" {
  const document: string;
  export default document;
}

declare module "virtual:goheap-types" {
  const files: Readonly<Record<string, string>>;
  export default files;
}
