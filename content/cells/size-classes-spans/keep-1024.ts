import { array, boot, pointer, struct, uint8 } from "goheap";

//zh 1024 字节的记录，要能找到另一条记录
//en a record of 1024 bytes that can name another record
const Record = struct("Record", {
  next: pointer("Record"),
  data: array(1016, uint8),
});

const go = boot();
const { elemsize, header } = go.where(go.new(Record));
const { size, pointers } = Record;
table([{ size, pointers, elemsize, header }]);
