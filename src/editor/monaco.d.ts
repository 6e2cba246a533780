/** Monaco's entry points without declarations of their own, and Vite's addresses of workers. */

declare module "monaco-editor/nls/lang/zh-cn";

declare module "*?worker&url" {
  const url: string;
  export default url;
}
