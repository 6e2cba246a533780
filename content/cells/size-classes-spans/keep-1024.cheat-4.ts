import { array, boot, pointer, struct, uint8 } from "goheap";

//zh 结果是写上去的
//en the result is written down
const Record = struct("Record", {
  next: pointer("Record"),
  data: array(1016, uint8),
});

const go = boot();
go.new(Record);
const { size, pointers } = Record;
table([{ size, pointers, elemsize: 1024, header: false }]);
