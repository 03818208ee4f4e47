#include "sync/hub_listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/buf.h"

#define PEM_MAX ((size_t)1 << 20)

/* 127.0.0.1:8440 or [::1]:8440 apart. */
static bool
split_address(
	const char *text, char host[LISTEN_ADDRESS_MAX], const char **port)
{
	const char *colon = strrchr(text, ':');
	size_t len, digits = colon ? strspn(colon + 1, "0123456789") : 0;

	if (!digits || digits > 5 || colon[1 + digits] ||
		strtol(colon + 1, NULL, 10) > 65535)
		return false;
	len = (size_t)(colon - text);
	if (len > 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	} else if (memchr(text, ':', len)) {
		return false;
	}
	if (!len || len >= LISTEN_ADDRESS_MAX)
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	*port = colon + 1;
	return true;
}

static bool
is_loopback(const struct sockaddr *a)
{
	if (a->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)a;

		return ntohl(in->sin_addr.s_addr) >> 24 == 127;
	}
	return a->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(
		       &((const struct sockaddr_in6 *)(const void *)a)
				->sin6_addr);
}

void
listen_peer_name(const struct sockaddr *from, char out[LISTEN_ADDRESS_MAX])
{
	struct sockaddr_in6 six;

	out[0] = '\0';
	if (from->sa_family == AF_INET) {
		const struct sockaddr_in *four = (const void *)from;

		inet_ntop(AF_INET, &four->sin_addr, out, LISTEN_ADDRESS_MAX);
	} else if (from->sa_family == AF_INET6) {
		memcpy(&six, from, sizeof(six));
		memset(six.sin6_addr.s6_addr + 8, 0, 8);
		inet_ntop(AF_INET6, &six.sin6_addr, out, LISTEN_ADDRESS_MAX);
	}
}

static void
name_address(int fd, char name[LISTEN_ADDRESS_MAX])
{
	struct sockaddr_storage a;
	socklen_t len = sizeof(a);
	char host[LISTEN_ADDRESS_MAX - 10] = "", port[8] = "";

	if (getsockname(fd, (struct sockaddr *)&a, &len) == 0)
		getnameinfo((struct sockaddr *)&a, len, host, sizeof(host),
			port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(name, LISTEN_ADDRESS_MAX,
		a.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

static enum status
bind_socket(const struct addrinfo *a, const char *address, int *out,
	struct why *why)
{
	int on = 1;
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok =
		fd >= 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0;

	if (ok && a->ai_family == AF_INET6)
		ok = setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on,
			     sizeof(on)) == 0;
	ok = ok && bind(fd, a->ai_addr, a->ai_addrlen) == 0 &&
	     listen(fd, SOMAXCONN) == 0;
	if (!ok) {
		enum status st = why_set(why, ST_FILE,
			"cannot listen on %s: %s; give another ADDR:PORT",
			address, strerror(errno));

		if (fd >= 0)
			close(fd);
		return st;
	}
	*out = fd;
	return ST_OK;
}

enum status
hub_listen(const char *address, bool anywhere, int *fd,
	char name[LISTEN_ADDRESS_MAX], struct why *why)
{
	struct addrinfo want = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	char host[LISTEN_ADDRESS_MAX];
	const char *port;
	enum status st;

	if (!split_address(address, host, &port) ||
		getaddrinfo(host, port, &want, &found) != 0)
		return why_set(why, ST_USAGE,
			"'%s' is no address to listen on: give numbers such "
			"as 127.0.0.1:8440 or [::1]:8440",
			address);
	if (!anywhere && !is_loopback(found->ai_addr))
		st = why_set(why, ST_USAGE,
			"%s is not loopback, and without TLS anyone on the "
			"way reads tokens and records: give --tls-cert and "
			"--tls-key, or --plain-on-any-address behind a proxy "
			"that does TLS",
			address);
	else
		st = bind_socket(found, address, fd, why);
	freeaddrinfo(found);
	if (!st)
		name_address(*fd, name);
	return st;
}

enum status
listen_read_pem(
	const char *file, const char *what, struct buf *out, struct why *why)
{
	if (!buf_read_file(out, file, PEM_MAX, why))
		return ST_OK;
	return why_set(why, ST_FILE,
		"the TLS %s '%s' cannot be read: give a PEM file", what, file);
}
