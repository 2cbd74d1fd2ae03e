/*
 * text_feeder: plays a text file to the first TCP client that connects, some lines at a time: what `nc -lk` does by hand,
 * for the demo and for tests.
 *
 *     text_feeder PORT FILE [LINES_AT_A_TIME [PAUSE_MS]]
 *
 * Prints the port it listens on (PORT 0: any), serves one client, closes the connection, exits.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int listen_on(unsigned short port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t size = sizeof address;
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        perror("text_feeder: listen");
        return -1;
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static int send_all(int fd, const char *text, size_t len)
{
    while (len) {
        ssize_t n = send(fd, text, len, MSG_NOSIGNAL);
        if (n <= 0) {
            perror("text_feeder: send");
            return -1;
        }
        text += n;
        len -= (size_t)n;
    }
    return 0;
}

static int play(int fd, FILE *file, long lines, long pause_ms)
{
    struct timespec pause = {pause_ms / 1000, pause_ms % 1000 * 1000000};
    char *line = NULL;
    size_t cap = 0;
    long sent = 0;
    int status = 0;
    for (ssize_t n; status == 0 && (n = getline(&line, &cap, file)) > 0;) {
        status = send_all(fd, line, (size_t)n);
        if (++sent % lines == 0)
            nanosleep(&pause, NULL);
    }
    free(line);
    return status;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: text_feeder PORT FILE [LINES_AT_A_TIME [PAUSE_MS]]\n");
        return 2;
    }
    long lines = argc > 3 ? atol(argv[3]) : 1, pause_ms = argc > 4 ? atol(argv[4]) : 500;
    FILE *file = fopen(argv[2], "r");
    if (!file) {
        perror(argv[2]);
        return 1;
    }
    int listener = listen_on((unsigned short)atoi(argv[1]));
    int client = listener >= 0 ? accept(listener, NULL, NULL) : -1;
    int status = client >= 0 ? play(client, file, lines > 0 ? lines : 1, pause_ms > 0 ? pause_ms : 0) : -1;
    if (client >= 0)
        close(client);
    if (listener >= 0)
        close(listener);
    fclose(file);
    return status != 0;
}
