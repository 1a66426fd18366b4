package io.keyvaultbackup.emulator;

import java.io.IOException;
import java.net.StandardSocketOptions;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Request;

/** The connection under a request, below TLS. */
final class Wire {

    private Wire() {}

    /** Ends the connection with a TCP RST: the client reads "connection reset", not the end of a stream. */
    static void reset(Request request) {
        EndPoint socket = socket(request);
        if (socket instanceof SocketChannelEndPoint channel) {
            try {
                channel.getChannel().setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException alreadyClosed) {
                // The client was faster; there is nothing left to reset.
            }
        }
        socket.close();
    }

    /** Ends the connection after what was sent so far. */
    static void close(Request request) {
        socket(request).close();
    }

    private static EndPoint socket(Request request) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        return endPoint instanceof SslConnection.SslEndPoint tls
                ? tls.getSslConnection().getEndPoint()
                : endPoint;
    }
}
