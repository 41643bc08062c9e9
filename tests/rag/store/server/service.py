"""An Infinity server for tests: the official Thrift service over the embedded engine.

Run as a program (`FOLDER PORT`) it prints its port and serves until its standard input ends.
Only the calls that the store makes are there; any other fails as the SDK's client reports it.
"""

from __future__ import annotations

import functools
import itertools
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import infinity_embedded.embedded_infinity_ext as engine
from infinity.errors import ErrorCode
from infinity.remote_thrift.infinity_thrift_rpc import InfinityService, ttypes
from infinity_embedded.local_infinity.client import LocalInfinityClient
from thrift.protocol.TBinaryProtocol import TBinaryProtocolAcceleratedFactory
from thrift.server.TServer import TThreadedServer
from thrift.transport.TSocket import TServerSocket
from thrift.transport.TTransport import TBufferedTransportFactory

from rag.store.engine_config import write_config
from rag.store.quiet import stdout_to
from tests.rag.store.server.expressions import expressions, optional
from tests.rag.store.server.searches import search
from tests.rag.store.server.tables import (
    column_definition,
    index_definition,
    insert_row,
    result,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CLIENT_VERSION = 37  # of infinity-sdk 0.7.3 and 0.7.4
CONFLICTS: Mapping[int, Any] = {
    ttypes.CreateConflict.Ignore: engine.ConflictType.kIgnore,
    ttypes.CreateConflict.Error: engine.ConflictType.kError,
    ttypes.CreateConflict.Replace: engine.ConflictType.kReplace,
}


def answers(response: type) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """What a call raises becomes an answer with an error code, as a server's would be."""

    def wrap(call: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(call)
        def answer(self: Any, request: Any) -> Any:
            try:
                return call(self, request)
            except (RuntimeError, ValueError, KeyError, TypeError) as error:
                return response(error_code=ErrorCode.UNEXPECTED_ERROR, error_msg=str(error))

        return answer

    return wrap


def common(done: Any) -> ttypes.CommonResponse:
    return ttypes.CommonResponse(error_code=int(done.error_code), error_msg=done.error_msg)


class Service(InfinityService.Iface):
    """Handles requests of many connections at once."""

    def __init__(self, client: LocalInfinityClient):
        self._client = client
        self._sessions = itertools.count(1)

    def Connect(self, request: ttypes.ConnectRequest) -> ttypes.CommonResponse:
        if request.client_version != CLIENT_VERSION:
            # The sentence of src/main/status.cpp of the server.
            sentence = (
                f"Expected version index: 0.7.3, connecting version: {request.client_version}"
            )
            return ttypes.CommonResponse(ErrorCode.CLIENT_VERSION_MISMATCH, sentence)
        return ttypes.CommonResponse(ErrorCode.OK, "", next(self._sessions))

    def Disconnect(self, request: ttypes.CommonRequest) -> ttypes.CommonResponse:
        return ttypes.CommonResponse(ErrorCode.OK, "")

    @answers(ttypes.CommonResponse)
    def CreateDatabase(self, request: ttypes.CreateDatabaseRequest) -> ttypes.CommonResponse:
        conflict = CONFLICTS[request.create_option.conflict_type]
        return common(
            self._client.create_database(request.db_name, conflict, request.db_comment or "")
        )

    @answers(ttypes.CommonResponse)
    def GetDatabase(self, request: ttypes.GetDatabaseRequest) -> ttypes.CommonResponse:
        return common(self._client.get_database(request.db_name))

    @answers(ttypes.CommonResponse)
    def CreateTable(self, request: ttypes.CreateTableRequest) -> ttypes.CommonResponse:
        columns = [column_definition(one) for one in request.column_defs]
        conflict = CONFLICTS[request.create_option.conflict_type]
        return common(
            self._client.create_table(request.db_name, request.table_name, columns, conflict)
        )

    @answers(ttypes.CommonResponse)
    def DropTable(self, request: ttypes.DropTableRequest) -> ttypes.CommonResponse:
        conflict = CONFLICTS[request.drop_option.conflict_type]
        return common(self._client.drop_table(request.db_name, request.table_name, conflict))

    @answers(ttypes.CommonResponse)
    def GetTable(self, request: ttypes.GetTableRequest) -> ttypes.CommonResponse:
        return common(self._client.get_table(request.db_name, request.table_name))

    @answers(ttypes.ListTableResponse)
    def ListTable(self, request: ttypes.ListTableRequest) -> ttypes.ListTableResponse:
        found = self._client.list_tables(request.db_name)
        return ttypes.ListTableResponse(
            error_code=int(found.error_code),
            error_msg=found.error_msg,
            table_names=list(found.table_names),
        )

    @answers(ttypes.CommonResponse)
    def CreateIndex(self, request: ttypes.CreateIndexRequest) -> ttypes.CommonResponse:
        return common(
            self._client.create_index(
                request.db_name,
                request.table_name,
                request.index_name,
                index_definition(request.index_info),
                CONFLICTS[request.create_option.conflict_type],
                request.index_comment or "",
            )
        )

    @answers(ttypes.CommonResponse)
    def DropIndex(self, request: ttypes.DropIndexRequest) -> ttypes.CommonResponse:
        conflict = CONFLICTS[request.drop_option.conflict_type]
        return common(
            self._client.drop_index(
                request.db_name, request.table_name, request.index_name, conflict
            )
        )

    @answers(ttypes.ListIndexResponse)
    def ListIndex(self, request: ttypes.ListIndexRequest) -> ttypes.ListIndexResponse:
        found = self._client.list_indexes(request.db_name, request.table_name)
        names = list(found.index_names)
        return ttypes.ListIndexResponse(int(found.error_code), found.error_msg, names)

    @answers(ttypes.ShowSegmentResponse)
    def ShowSegment(self, request: ttypes.ShowSegmentRequest) -> ttypes.ShowSegmentResponse:
        found = self._client.show_segment(request.db_name, request.table_name, request.segment_id)
        return ttypes.ShowSegmentResponse(int(found.error_code), found.error_msg)

    @answers(ttypes.CommonResponse)
    def Insert(self, request: ttypes.InsertRequest) -> ttypes.CommonResponse:
        rows = [insert_row(one) for one in request.fields]
        return common(self._client.insert(request.db_name, request.table_name, rows))

    @answers(ttypes.DeleteResponse)
    def Delete(self, request: ttypes.DeleteRequest) -> ttypes.DeleteResponse:
        done = self._client.delete(
            request.db_name, request.table_name, optional(request.where_expr)
        )
        return ttypes.DeleteResponse(int(done.error_code), done.error_msg, done.deleted_rows)

    @answers(ttypes.SelectResponse)
    def Select(self, request: ttypes.SelectRequest) -> ttypes.SelectResponse:
        return result(
            self._client.search(
                request.db_name,
                request.table_name,
                select_list=expressions(request.select_list),
                search_expr=search(request.search_expr),
                where_expr=optional(request.where_expr),
                limit_expr=optional(request.limit_expr),
                offset_expr=optional(request.offset_expr),
            )
        )


class Socket(TServerSocket):
    """A free port of this machine."""

    def listen(self) -> None:
        if self.handle is None:
            super().listen()

    @property
    def bound_port(self) -> int:
        """The port that the system chose."""
        return int(self.handle.getsockname()[1])


def serve(service: Service, listening: Socket) -> None:
    """Answer every connection in a thread of its own, for ever."""
    TThreadedServer(
        InfinityService.Processor(service),
        listening,
        TBufferedTransportFactory(),
        TBinaryProtocolAcceleratedFactory(),
        daemon=True,
    ).serve()


def main() -> None:
    folder = Path(sys.argv[1]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    banner = folder / "engine-stdout.log"
    with stdout_to(banner):
        client = LocalInfinityClient(str(folder), str(write_config(folder)))
    listening = Socket("127.0.0.1", int(sys.argv[2]))
    listening.listen()
    threading.Thread(target=serve, args=(Service(client), listening), daemon=True).start()
    print(listening.bound_port, flush=True)
    sys.stdin.read()  # until whoever started this closes the pipe, however it ends
    with stdout_to(banner):
        client.disconnect()


if __name__ == "__main__":
    main()
